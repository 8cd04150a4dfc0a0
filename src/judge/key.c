/* key -- what makes a record the same target in two runs. */
#include "places.h"

#include "say.h"

#include "base/hash.h"

#include <string.h>

/* FNV leaves the upper bits of short keys much alike. */
static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_field(uint64_t hash, const struct record *r,
                           enum field_id id)
{
    const struct value *v = &r->values[id];
    const unsigned char state = (unsigned char)said_state(r, id);

    hash = hash_more(hash, &state, 1);
    if (state != VALUE_KNOWN)
        return hash;
    if (field_rows[id].kind == FIELD_TEXT) {
        size_t guard = say_guard(v->text.data, v->text.len);

        return hash_more(hash, v->text.data + guard, v->text.len - guard);
    }
    return hash_more(hash, &v->number, sizeof(v->number));
}

/* Those that come after host and port. */
static const enum field_id rest[] = { REC_sni, REC_starttls, REC_profile,
                                      REC_address };

static size_t count_rest(bool address)
{
    return sizeof(rest) / sizeof(rest[0]) - !address;
}

struct key key_of(const struct record *r, bool address)
{
    uint64_t place = HASH_START, others = HASH_START;
    bool vague = false;

    if (said_state(r, REC_host) == VALUE_KNOWN)
        place = hash_field(hash_field(place, r, REC_host), r, REC_port);
    else
        place = hash_field(place, r, REC_target);
    for (size_t i = 0; i < count_rest(address); i++) {
        others = hash_field(others, r, rest[i]);
        vague = vague || r->values[rest[i]].state == VALUE_UNKNOWN;
    }
    return (struct key){ .place = mix(place),
                         .rest = (uint32_t)mix(others),
                         .vague = vague };
}

bool key_same_text(const struct record *a, const struct record *b,
                   enum field_id id)
{
    const struct bytes *x = &a->values[id].text, *y = &b->values[id].text;
    enum value_state state = said_state(a, id);
    size_t from, behind;

    if (state != VALUE_KNOWN || said_state(b, id) != VALUE_KNOWN)
        return state == said_state(b, id);
    from = say_guard(x->data, x->len);
    behind = say_guard(y->data, y->len);
    return x->len - from == y->len - behind
           && memcmp(x->data + from, y->data + behind, x->len - from) == 0;
}

static bool fits(const struct record *a, const struct record *b,
                 enum field_id id)
{
    return a->values[id].state == VALUE_UNKNOWN
           || b->values[id].state == VALUE_UNKNOWN || key_same_text(a, b, id);
}

bool key_fits(const struct record *a, const struct record *b, bool address)
{
    if (!key_same_text(a, b, REC_host)
        || record_int(a, REC_port, -1) != record_int(b, REC_port, -1))
        return false;
    if (said_state(a, REC_host) != VALUE_KNOWN
        && !key_same_text(a, b, REC_target))
        return false;
    for (size_t i = 0; i < count_rest(address); i++) {
        if (!fits(a, b, rest[i]))
            return false;
    }
    return true;
}

bool key_names(enum field_id id)
{
    return id == REC_target || id == REC_host || id == REC_port || id == REC_sni
           || id == REC_starttls || id == REC_profile;
}

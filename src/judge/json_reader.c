/* json_reader -- an object of a jsonl report, back into fields. */
#include "earlier.h"

#include "json.h"
#include "literal.h"
#include "say.h"

#include <string.h>

static bool wrong_kind(const struct json *j, enum field_id id)
{
    return err_set(j->e, ERR_FILE, "its '%s' cannot be read",
                   field_rows[id].name);
}

/* ---- fields ---- */

static bool take_text(struct json *j, enum field_id id)
{
    struct bytes text;

    if (!json_string(j, &text))
        return false;
    if (strcmp(text.data, say_state(VALUE_NONE)) == 0)
        record_state(j->r, id, VALUE_NONE);
    else
        earlier_text(j->r, id, text.data, text.len);
    return true;
}

/* A number, as a string when it is a TIME. */
static bool take_number(struct json *j, enum field_id id)
{
    enum field_kind kind = field_rows[id].kind;
    char copy[JSON_NUMBER_MAX];
    struct bytes text = { .data = copy };
    int64_t number;
    bool quoted = json_peek(j) == '"';

    if (quoted ? !json_string(j, &text) : !json_number(j, copy, sizeof(copy)))
        return false;
    if (quoted && strcmp(text.data, say_state(VALUE_NONE)) == 0) {
        record_state(j->r, id, VALUE_NONE);
        return true;
    }
    if (quoted != (kind == FIELD_TIME)
        || !literal_number(kind, text.data, &number))
        return wrong_kind(j, id);
    record_number(j->r, id, number);
    return true;
}

static bool take_bool(struct json *j, enum field_id id)
{
    if (json_word(j, "true"))
        record_number(j->r, id, 1);
    else if (json_word(j, "false"))
        record_number(j->r, id, 0);
    else if (json_word(j, "\"none\""))
        record_state(j->r, id, VALUE_NONE);
    else
        return wrong_kind(j, id);
    return true;
}

static bool take_item(struct json *j, const struct bytes *key, void *arg)
{
    const enum field_id id = *(const enum field_id *)arg;
    struct bytes text;

    if (key->data)
        earlier_item(j->r, id, key->data, key->len);
    if (!json_string(j, &text))
        return false;
    earlier_item(j->r, id, text.data, text.len);
    return true;
}

static bool take_cert_field(struct json *j, const struct bytes *key, void *arg)
{
    struct cert *c = arg;
    bool subject = strcmp(key->data, cert_field_rows[CERT_subject].name) == 0;
    bool sha256 = strcmp(key->data, cert_field_rows[CERT_sha256].name) == 0;
    struct bytes text;

    if ((!subject && !sha256) || json_peek(j) != '"')
        return json_skip(j);
    if (!json_string(j, &text))
        return false;
    earlier_cert_text(j->r, c, subject ? CERT_subject : CERT_sha256, text.data,
                      text.len);
    return true;
}

static bool take_cert(struct json *j, const struct bytes *key, void *arg)
{
    struct cert *c = record_add_cert(j->r);

    (void)key;
    (void)arg;
    if (!c)
        return err_memory(j->e, "a row");
    return json_members(j, '{', take_cert_field, c);
}

static bool take_items(struct json *j, enum field_id id)
{
    enum field_kind kind = field_rows[id].kind;
    char open = kind == FIELD_TAGS ? '{' : '[';

    if (!json_members(j, open, kind == FIELD_CHAIN ? take_cert : take_item,
                      &id))
        return false;
    if (j->r->values[id].state == VALUE_UNKNOWN)
        record_state(j->r, id, VALUE_NONE);
    return true;
}

static bool take_field(struct json *j, enum field_id id)
{
    if (json_word(j, "null")) {
        record_state(j->r, id, VALUE_NOT_ASKED);
        return true;
    }
    switch (field_rows[id].kind) {
    case FIELD_TEXT:
        return take_text(j, id);
    case FIELD_INT:
    case FIELD_MS:
    case FIELD_TIME:
        return take_number(j, id);
    case FIELD_BOOL:
        return take_bool(j, id);
    case FIELD_LIST:
    case FIELD_TAGS:
    case FIELD_CHAIN:
        break;
    }
    return take_items(j, id);
}

/* ---- the object ---- */

struct object {
    enum field_id next; /* where the next key is probably found */
    bool seen[FIELDS_COUNT];
};

/* A report names its fields in the order of the rows. */
static enum field_id find(struct object *o, const char *name)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        enum field_id id = (enum field_id)((o->next + i) % FIELDS_COUNT);

        if (strcmp(field_rows[id].name, name) == 0) {
            o->next = (enum field_id)((id + 1) % FIELDS_COUNT);
            return id;
        }
    }
    return FIELDS_COUNT;
}

static bool take_key(struct json *j, const struct bytes *key, void *arg)
{
    struct object *o = arg;
    enum field_id id = find(o, key->data);

    if (id == FIELDS_COUNT)
        return json_skip(j);
    if (o->seen[id])
        return err_set(j->e, ERR_FILE, "'%s' stands there twice",
                       field_rows[id].name);
    o->seen[id] = true;
    return earlier_needs(id) ? take_field(j, id) : json_skip(j);
}

bool json_read_row(struct buf *row, struct record *r, struct err *e)
{
    struct object o = { 0 };
    struct json j = {
        .start = row->data,
        .at = row->data,
        .end = row->data + row->len,
        .r = r,
        .e = e,
    };

    if (!json_members(&j, '{', take_key, &o))
        return false;
    if (json_peek(&j))
        return json_wrong(&j, "there is more after the object");
    return r->incomplete ? err_memory(e, "a row") : true;
}

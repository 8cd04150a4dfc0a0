#include "look.h"

#include "../../../src/inspect/inspect_room.h"

#include <criterion/criterion.h>

#include <string.h>

const struct inspect_ask usual_ask = { .nameopt = XN_FLAG_ONELINE };

struct record *look_at_cert(X509 *cert, const struct inspect_ask *ask)
{
    const struct view v = { .ask = ask ? ask : &usual_ask,
                            .record = record_new(),
                            .leaf = cert };

    chain_record(&v);
    cr_assert(!v.record->incomplete);
    return v.record;
}

struct record *look_at_peer(struct tls_peer *p, const struct inspect_ask *ask)
{
    struct record *r = record_new();

    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
    inspect_connection(&p->conn, ask ? ask : &usual_ask, r);
    cr_assert(!r->incomplete);
    return r;
}

void expect_state(struct record *r, enum field_id id, enum value_state state)
{
    cr_expect_eq(r->values[id].state, state, "%s: state %d",
                 field_rows[id].name, (int)r->values[id].state);
}

void expect_text(struct record *r, enum field_id id, const char *text)
{
    const char *is = record_get(r, id);

    cr_expect(is && strcmp(is, text) == 0, "%s: is '%s', should be '%s'",
              field_rows[id].name, is ? is : "(unknown)", text);
}

void expect_number(struct record *r, enum field_id id, int64_t number)
{
    expect_state(r, id, VALUE_KNOWN);
    cr_expect_eq(r->values[id].number, number, "%s: is %lld, should be %lld",
                 field_rows[id].name, (long long)r->values[id].number,
                 (long long)number);
}

void expect_item(struct record *r, enum field_id id, size_t n,
                 const char *bytes, size_t len)
{
    const struct value *v = &r->values[id];

    cr_assert_gt(v->nitems, n, "%s has %zu items", field_rows[id].name,
                 v->nitems);
    cr_expect(
        v->items[n].len == len && memcmp(v->items[n].data, bytes, len) == 0,
        "%s[%zu] is '%s'", field_rows[id].name, n, v->items[n].data);
}

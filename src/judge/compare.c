/* compare -- one value against what is expected of it, by kind. */
#include "expression.h"

#include "literal.h"
#include "pattern.h"
#include "say.h"

#include <string.h>

enum { ITEM_MAX = 1 << 20, DAY = 24 * 60 * 60 };

/* Does something with each text of a value until it says true. */
struct visit {
    bool (*text)(struct visit *v, const char *text, size_t len);
    const struct expectation *x;
    struct matcher matcher;
    bool lost; /* a text could not be looked at */
};

static bool visit_items(struct visit *v, const struct record *r)
{
    const enum field_id id = v->x->field;
    bool found = false;
    struct buf item;

    buf_init(&item, ITEM_MAX);
    for (size_t i = 0; !found && i < say_count(r, id); i++) {
        buf_clear(&item);
        say_item(&item, r, id, i);
        if (buf_ok(&item))
            found = v->text(v, buf_string(&item), item.len);
        else
            v->lost = true;
    }
    buf_release(&item);
    return found;
}

/* A state is looked at as its word. */
static bool visit_value(struct visit *v, const struct record *r)
{
    const struct value *value = &r->values[v->x->field];
    const char *word = say_state(value->state);

    if (word)
        return v->text(v, word, strlen(word));
    if (field_rows[v->x->field].kind == FIELD_TEXT)
        return v->text(v, value->text.data, value->text.len);
    return visit_items(v, r);
}

/* ---- the operators ---- */

static bool is_same(struct visit *v, const char *text, size_t len)
{
    /* "TLSv1.0" is no other version than "TLSv1". */
    int age = v->x->field == REC_protocol ? literal_protocol(text, len) : 0;

    for (size_t i = 0; i < v->x->noperands; i++) {
        const struct operand *o = &v->x->operands[i];

        if (age != 0 && o->state == VALUE_KNOWN && age == o->number)
            return true;
        if (o->text.len == len && memcmp(o->text.data, text, len) == 0)
            return true;
    }
    return false;
}

static bool is_found(struct visit *v, const char *text, size_t len)
{
    return matcher_finds(&v->matcher, text, len);
}

/* Before (-1), at (0) or after (1) the operand. */
static int order(const struct operand *o, int64_t number)
{
    int64_t second = ((number % DAY) + DAY) % DAY;

    if (o->whole_day)
        number -= second;
    return (number > o->number) - (number < o->number);
}

static bool has_number(const struct expectation *x, const struct record *r)
{
    const struct value *value = &r->values[x->field];

    for (size_t i = 0; i < x->noperands; i++) {
        const struct operand *o = &x->operands[i];

        if (o->state == value->state
            && (o->state != VALUE_KNOWN || order(o, value->number) == 0))
            return true;
    }
    return false;
}

static bool is_number(enum field_kind kind)
{
    return kind == FIELD_INT || kind == FIELD_MS || kind == FIELD_BOOL
           || kind == FIELD_TIME;
}

static enum expect_result in_order(const struct expectation *x, int64_t number)
{
    int way = order(&x->operands[0], number);
    bool met =
        (way < 0 && (x->op == OP_LESS || x->op == OP_LESS_EQUAL))
        || (way > 0 && (x->op == OP_MORE || x->op == OP_MORE_EQUAL))
        || (way == 0 && (x->op == OP_LESS_EQUAL || x->op == OP_MORE_EQUAL));

    return met ? EXPECT_MET : EXPECT_FAILED;
}

static enum expect_result compare_order(const struct expectation *x,
                                        const struct record *r)
{
    const struct value *value = &r->values[x->field];
    int64_t number = value->number;

    if (said_state(r, x->field) == VALUE_NONE)
        return EXPECT_FAILED;
    if (said_state(r, x->field) == VALUE_NOT_ASKED)
        return EXPECT_UNDETERMINED;
    if (x->field == REC_protocol) {
        number = literal_protocol(value->text.data, value->text.len);
        /* One day there are versions that are not known here. */
        if (number == 0
            || number / PROTOCOL_FAMILY
                   != x->operands[0].number / PROTOCOL_FAMILY)
            return EXPECT_UNDETERMINED;
    }
    return in_order(x, number);
}

/* Whether the value is what was named; with "!" in the operator that is bad.
 * For a list: any of its items. */
static bool is_there(struct visit *v, const struct record *r)
{
    bool found;

    if (is_number(field_rows[v->x->field].kind))
        return has_number(v->x, r);
    if (v->x->op != OP_MATCH && v->x->op != OP_NOT_MATCH)
        return visit_value(v, r);
    if (!matcher_begin(&v->matcher, v->x->operands[0].text.data)) {
        v->lost = true;
        return false;
    }
    v->text = is_found;
    found = visit_value(v, r);
    v->lost |= v->matcher.stuck;
    matcher_end(&v->matcher);
    return found;
}

enum expect_result expression_compare(const struct expectation *x,
                                      const struct record *r)
{
    struct visit v = { .text = is_same, .x = x };
    bool unwanted = x->op == OP_NOT_EQUAL || x->op == OP_NOT_MATCH;
    bool found;

    if (r->values[x->field].state == VALUE_UNKNOWN)
        return EXPECT_UNDETERMINED;
    if (x->op >= OP_LESS && x->op <= OP_MORE_EQUAL)
        return compare_order(x, r);
    found = is_there(&v, r);
    /* What was not looked for is not known to be absent. */
    if (!found
        && (v.lost || (unwanted && said_state(r, x->field) == VALUE_NOT_ASKED)))
        return EXPECT_UNDETERMINED;
    return found != unwanted ? EXPECT_MET : EXPECT_FAILED;
}

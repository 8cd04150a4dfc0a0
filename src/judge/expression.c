#include "expression.h"

#include "base/mem.h"
#include "base/text.h"
#include "closed.h"
#include "literal.h"
#include "pattern.h"
#include "say.h"

#include <string.h>

enum {
    EXPRESSION_MAX = 4096,
    OPERANDS_MAX = 256,
    FIELD_NAME_MAX = 48,
};

static const char blanks[] = " \t\r\n";

/* Longer ones first. */
static const struct {
    const char *text;
    enum op op;
} operators[] = {
    { "!=", OP_NOT_EQUAL },  { "!~", OP_NOT_MATCH }, { "<=", OP_LESS_EQUAL },
    { ">=", OP_MORE_EQUAL }, { "=", OP_EQUAL },      { "<", OP_LESS },
    { ">", OP_MORE },        { "~", OP_MATCH },      { "in ", OP_IN },
    { "in\t", OP_IN },
};

static void skip_blanks(const char **at)
{
    *at += strspn(*at, blanks);
}

/* ---- field and operator ---- */

static bool read_field(const char **at, enum field_id *field, struct err *e)
{
    size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    char name[FIELD_NAME_MAX];
    const char *nearest;

    if (len == 0)
        return err_set(e, ERR_USAGE, "it does not begin with a field");
    if (len >= sizeof(name))
        return err_set(e, ERR_USAGE, "there is no field '%.*s...'",
                       FIELD_NAME_MAX, *at);
    memcpy(name, *at, len);
    name[len] = '\0';
    *at += len;
    *field = field_find(name);
    if (*field != FIELDS_COUNT)
        return true;
    nearest = field_nearest(name);
    if (nearest)
        return err_set(e, ERR_USAGE,
                       "there is no field '%s' (did you mean '%s'?)", name,
                       nearest);
    return err_set(e, ERR_USAGE, "there is no field '%s'", name);
}

static bool read_operator(const char **at, enum op *op, struct err *e)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t len = strlen(operators[i].text);

        if (strncmp(*at, operators[i].text, len) == 0) {
            *at += len;
            *op = operators[i].op;
            return true;
        }
    }
    return err_set(e, ERR_USAGE,
                   "after the field comes one of = != < <= > >= ~ !~ in");
}

static bool is_text(enum field_kind kind)
{
    return kind == FIELD_TEXT || kind == FIELD_LIST || kind == FIELD_TAGS
           || kind == FIELD_CHAIN;
}

static bool is_order(enum op op)
{
    return op == OP_LESS || op == OP_LESS_EQUAL || op == OP_MORE
           || op == OP_MORE_EQUAL;
}

static bool is_pattern(enum op op)
{
    return op == OP_MATCH || op == OP_NOT_MATCH;
}

static bool check_operator(const struct expectation *x, struct err *e)
{
    const struct field_row *row = &field_rows[x->field];

    if (is_pattern(x->op) && !is_text(row->kind))
        return err_set(e, ERR_USAGE, "'%s' is no text: ~ and !~ do not fit",
                       row->name);
    if (!is_order(x->op) || x->field == REC_protocol)
        return true;
    if (is_text(row->kind) || row->kind == FIELD_BOOL)
        return err_set(e, ERR_USAGE, "'%s' has no order: only %s fit",
                       row->name,
                       is_text(row->kind) ? "= != ~ !~ in" : "= != in");
    return true;
}

/* ---- values ---- */

/* What stands between quotes; a backslash hides a quote or a backslash between
 * double ones. */
static bool read_quoted(const char **at, struct buf *out, struct err *e)
{
    const char quote = **at, *p = *at + 1;

    for (; *p && *p != quote; p++) {
        if (quote == '"' && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        buf_byte(out, *p);
    }
    if (!*p)
        return err_set(e, ERR_USAGE, "the quote is not closed");
    *at = p + 1;
    skip_blanks(at);
    return true;
}

/* A value without quotes ends at a comma of "in" or at the end. */
static bool read_plain(const char **at, bool list, struct buf *out,
                       struct err *e)
{
    size_t len = list ? strcspn(*at, ",") : strlen(*at), whole = len;

    while (len > 0 && strchr(blanks, (*at)[len - 1]))
        len--;
    if (len == 0)
        return err_set(e, ERR_USAGE,
                       "a value is missing (write \"\" for an empty one)");
    if (strchr("=~<>!", **at))
        return err_set(e, ERR_USAGE,
                       "a value that begins with '%c' stands in quotes", **at);
    buf_add(out, *at, len);
    *at += whole;
    return true;
}

static const char *kind_asks(enum field_kind kind)
{
    switch (kind) {
    case FIELD_INT:
        return "a whole number";
    case FIELD_MS:
        return "milliseconds, as 250 or 0.5";
    case FIELD_BOOL:
        return "yes or no";
    case FIELD_TIME:
        return "a date or time, as 2026-12-31 or 2026-12-31T23:59:59Z";
    case FIELD_TEXT:
    case FIELD_LIST:
    case FIELD_TAGS:
    case FIELD_CHAIN:
        break;
    }
    return "a protocol version: SSLv3, TLSv1, TLSv1.1, TLSv1.2, TLSv1.3, "
           "DTLSv1 or DTLSv1.2";
}

static bool read_number(struct operand *o, enum field_id field)
{
    enum field_kind kind = field_rows[field].kind;

    if (field == REC_protocol) {
        o->number = literal_protocol(o->text.data, o->text.len);
        return o->number != 0;
    }
    o->whole_day = kind == FIELD_TIME && literal_day(o->text.data, &o->number);
    return o->whole_day || is_text(kind)
           || literal_number(kind, o->text.data, &o->number);
}

static enum value_state state_of(const char *word)
{
    if (strcmp(word, say_state(VALUE_NONE)) == 0)
        return VALUE_NONE;
    return strcmp(word, say_state(VALUE_NOT_ASKED)) == 0 ? VALUE_NOT_ASKED
                                                         : VALUE_KNOWN;
}

/* Gives the text its meaning. */
static bool understand(const struct expectation *x, struct operand *o,
                       struct err *e)
{
    if (is_pattern(x->op))
        return pattern_check(o->text.data, e);
    o->state = state_of(o->text.data);
    if (o->state != VALUE_KNOWN && is_order(x->op))
        return err_set(e, ERR_USAGE, "'%s' has no order: only = != in fit",
                       o->text.data);
    if (o->state != VALUE_KNOWN)
        return true;
    if (!closed_check(x->field, o->text.data, e))
        return false;
    if (read_number(o, x->field))
        return true;
    return err_set(e, ERR_USAGE, "'%.40s' is wrong for '%s', which is %s",
                   o->text.data, field_rows[x->field].name,
                   kind_asks(field_rows[x->field].kind));
}

static bool add_operand(struct expectation *x, struct buf *value, struct err *e)
{
    struct operand *grown;
    struct operand *o;

    if (x->noperands == OPERANDS_MAX)
        return err_set(e, ERR_USAGE, "it has more than %d values",
                       OPERANDS_MAX);
    grown = mem_resize(x->operands, (x->noperands + 1) * sizeof(*grown));
    if (!grown)
        return err_memory(e, "an expectation");
    x->operands = grown;
    o = &grown[x->noperands];
    *o = (struct operand){ .state = VALUE_KNOWN };
    o->text.data = buf_take(value, &o->text.len);
    if (!o->text.data)
        return err_memory(e, "an expectation");
    x->noperands++;
    return understand(x, o, e);
}

static bool read_value(struct expectation *x, const char **at, struct err *e)
{
    struct buf value;
    bool done;

    buf_init(&value, EXPRESSION_MAX);
    skip_blanks(at);
    done = **at == '"' || **at == '\''
               ? read_quoted(at, &value, e)
               : read_plain(at, x->op == OP_IN, &value, e);
    done = done && add_operand(x, &value, e);
    buf_release(&value);
    return done;
}

static bool read_values(struct expectation *x, const char *at, struct err *e)
{
    if (!read_value(x, &at, e))
        return false;
    while (x->op == OP_IN && *at == ',') {
        at++;
        if (!read_value(x, &at, e))
            return false;
    }
    return *at ? err_set(e, ERR_USAGE, "there is more after the quotes") : true;
}

/* ---- the whole ---- */

static bool keep_text(struct expectation *x, const char *text, struct err *e)
{
    size_t len;

    skip_blanks(&text);
    len = strlen(text);
    while (len > 0 && strchr(blanks, text[len - 1]))
        len--;
    if (len > EXPRESSION_MAX)
        return err_set(e, ERR_USAGE, "it is longer than %d bytes",
                       EXPRESSION_MAX);
    x->text = mem_copy(text, len);
    return x->text ? true : err_memory(e, "an expectation");
}

/* What is worked out from the expectations, or after them. */
static bool check_turn(const struct expectation *x, struct err *e)
{
    if (x->field != REC_expect && x->field != REC_change)
        return true;
    return err_set(e, ERR_USAGE,
                   "'%s' is only known after the expectations; see -fail_on %s",
                   field_rows[x->field].name, field_rows[x->field].name);
}

enum field_id expectation_field(const char *text)
{
    enum field_id field = FIELDS_COUNT;
    struct err e = { 0 };

    skip_blanks(&text);
    return read_field(&text, &field, &e) ? field : FIELDS_COUNT;
}

bool expression_read(struct expectation *x, const char *text, struct err *e)
{
    const char *at;

    if (!keep_text(x, text, e))
        return false;
    at = x->text;
    if (!read_field(&at, &x->field, e))
        return false;
    skip_blanks(&at);
    return check_turn(x, e) && read_operator(&at, &x->op, e)
           && check_operator(x, e) && read_values(x, at, e);
}

void expression_release(struct expectation *x)
{
    for (size_t i = 0; i < x->noperands; i++)
        mem_free(x->operands[i].text.data);
    mem_free(x->operands);
    mem_free(x->text);
}

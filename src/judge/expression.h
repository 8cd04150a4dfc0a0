/* expression -- "field OP value", read and checked. */
#pragma once

#include "judge.h"

enum op {
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_MORE,
    OP_MORE_EQUAL,
    OP_MATCH,
    OP_NOT_MATCH,
    OP_IN,
};

/* What a field is compared with; of its kind. */
struct operand {
    enum value_state state; /* KNOWN, or what "none" and "not_asked" mean */
    struct bytes text; /* as it was written; the pattern of ~ and !~ */
    int64_t number; /* INT, MS, BOOL, TIME; the age of a protocol version */
    bool whole_day; /* a TIME said as a date */
};

struct expectation {
    char *text; /* without blanks around it */
    enum field_id field;
    enum op op;
    struct operand *operands; /* several for "in", else one */
    size_t noperands;
};

/* Fills a zeroed x; expression_release() also after a failure. */
bool expression_read(struct expectation *x, const char *text, struct err *e)
    MUST_USE;
void expression_release(struct expectation *x);

enum expect_result expression_compare(const struct expectation *x,
                                      const struct record *r);

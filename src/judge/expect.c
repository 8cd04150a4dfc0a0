/* expect -- all expectations of a target, and the sentence about them. */
#include "expression.h"

#include "base/mem.h"
#include "say.h"

#include <string.h>

enum { SENTENCE_MAX = 256 * 1024 };

struct expectation *expectation_new(const char *text, struct err *e)
{
    struct expectation *x = mem_new(1, sizeof(*x));
    struct err why = { 0 };

    if (!x) {
        err_memory(e, "an expectation");
        return NULL;
    }
    if (expression_read(x, text, &why))
        return x;
    if (why.code == ERR_USAGE)
        err_set(e, ERR_USAGE, "expectation '%.80s': %s",
                x->text ? x->text : text, why.msg);
    else
        err_memory(e, "an expectation");
    expectation_free(x);
    return NULL;
}

void expectation_free(struct expectation *x)
{
    if (!x)
        return;
    expression_release(x);
    mem_free(x);
}

enum expect_result expectation_check(const struct expectation *x,
                                     const struct record *r)
{
    return expression_compare(x, r);
}

static void say_expectation(struct buf *out, const struct expectation *x,
                            const struct record *r, enum expect_result result)
{
    bool known = r->values[x->field].state != VALUE_UNKNOWN;

    buf_text(out, out->len > 0 ? "; " : "");
    buf_text(out, result == EXPECT_FAILED ? "failed: " : "undetermined: ");
    buf_text(out, x->text);
    buf_text(out, known ? ", is " : ", is not known");
    if (known)
        say_value(out, r, x->field);
}

void judge_expectations(const struct expectation *const *list, size_t n,
                        struct record *r)
{
    struct buf sentence;

    if (n == 0) {
        record_state(r, REC_expect, VALUE_NOT_ASKED);
        return;
    }
    buf_init(&sentence, SENTENCE_MAX);
    for (size_t i = 0; i < n; i++) {
        enum expect_result result = expectation_check(list[i], r);

        if (result != EXPECT_MET)
            say_expectation(&sentence, list[i], r, result);
    }
    if (sentence.refused) {
        record_state(r, REC_expect, VALUE_UNKNOWN);
        r->incomplete = true;
    } else if (sentence.len == 0) {
        record_text(r, REC_expect, "met");
    } else {
        record_bytes(r, REC_expect, sentence.data, sentence.len);
    }
    buf_release(&sentence);
}

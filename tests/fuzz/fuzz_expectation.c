/* fuzz_expectation -- an expectation of the user, a value of the server.
 *
 * Input: the expectation up to a NUL, then the text that every TEXT and LIST
 * field has.
 */
#include "base/mem.h"
#include "judge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void must(bool what)
{
    if (!what)
        abort();
}

static struct record *record_of(const uint8_t *data, size_t size)
{
    struct record *r = record_new();

    must(r != NULL);
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        enum field_id id = (enum field_id)i;

        if (field_rows[id].kind == FIELD_TEXT)
            record_bytes(r, id, data, size);
        else if (field_rows[id].kind == FIELD_LIST)
            record_add(r, id, data, size);
    }
    return r;
}

static void judge(const struct expectation *x, struct record *r)
{
    enum expect_result result = expectation_check(x, r);
    const char *sentence;

    judge_expectations(&x, 1, r);
    sentence = record_get(r, REC_expect);
    must(sentence != NULL && !r->incomplete);
    must((result == EXPECT_MET) == (strcmp(sentence, "met") == 0));
    must((result == EXPECT_FAILED) == (strncmp(sentence, "failed:", 7) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_copy(data, size);
    size_t len;
    struct err e = { 0 };
    struct expectation *x;

    must(text != NULL);
    len = strlen(text);
    x = expectation_new(text, &e);
    must((x != NULL) == (e.code == ERR_NONE));
    if (x) {
        size_t behind = len < size ? len + 1 : size;
        struct record *r = record_of(data + behind, size - behind);

        judge(x, r);
        record_free(r);
    }
    expectation_free(x);
    mem_free(text);
    return 0;
}

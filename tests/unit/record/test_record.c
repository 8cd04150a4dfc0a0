#include "record.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct record *r;

static void begin(void)
{
    r = record_new();
    cr_assert_not_null(r);
}

static void end(void)
{
    record_free(r);
}

TestSuite(record, .init = begin, .fini = end);

Test(record, a_new_record_knows_nothing)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        cr_assert_eq(r->values[i].state, VALUE_UNKNOWN);
    cr_assert_not(r->incomplete);
    cr_assert_null(record_get(r, REC_cipher));
    cr_assert_eq(record_int(r, REC_port, -1), -1);
}

Test(record, a_text_is_copied_and_a_later_one_replaces_it)
{
    char text[] = "first";

    record_text(r, REC_cipher, text);
    text[0] = 'x';
    cr_assert_str_eq(record_get(r, REC_cipher), "first");
    record_text(r, REC_cipher, "second");
    cr_assert_str_eq(record_get(r, REC_cipher), "second");
}

Test(record, bytes_keep_their_nul_and_their_length)
{
    record_bytes(r, REC_subject, "a\0b", 3);
    cr_assert_eq(r->values[REC_subject].text.len, 3);
    cr_assert_arr_eq(r->values[REC_subject].text.data, "a\0b", 4);
}

Test(record, an_empty_text_is_known)
{
    record_text(r, REC_alpn, "");
    cr_assert(record_known(r, REC_alpn));
    cr_assert_str_eq(record_get(r, REC_alpn), "");
}

Test(record, numbers_are_known_once_set)
{
    record_number(r, REC_port, 0);
    record_number(r, REC_days_left, -3);
    cr_assert_eq(record_int(r, REC_port, -1), 0);
    cr_assert_eq(record_int(r, REC_days_left, 0), -3);
}

Test(record, a_list_keeps_every_item_in_order)
{
    for (int i = 0; i < 1000; i++) {
        char text[16];

        snprintf(text, sizeof(text), "DNS:%d", i);
        record_add(r, REC_san, text, strlen(text));
    }
    cr_assert_eq(r->values[REC_san].nitems, 1000);
    cr_assert_str_eq(r->values[REC_san].items[0].data, "DNS:0");
    cr_assert_str_eq(r->values[REC_san].items[999].data, "DNS:999");
}

Test(record, a_state_forgets_the_value)
{
    record_text(r, REC_alpn, "h2");
    record_add(r, REC_san, "DNS:a", 5);
    record_state(r, REC_alpn, VALUE_NONE);
    record_state(r, REC_san, VALUE_NOT_ASKED);
    cr_assert_null(record_get(r, REC_alpn));
    cr_assert_eq(r->values[REC_alpn].state, VALUE_NONE);
    cr_assert_eq(r->values[REC_san].nitems, 0);
}

Test(record, a_chain_keeps_every_certificate_in_order)
{
    for (int i = 0; i < 9; i++) {
        struct cert *c = record_add_cert(r);

        cert_bytes(r, c, CERT_subject, "CN=x", 4);
        cert_number(c, CERT_key_bits, i);
        cert_add(r, c, CERT_san, "DNS:x", 5);
    }
    cr_assert_eq(r->nchain, 9);
    cr_assert(record_known(r, REC_chain));
    for (int i = 0; i < 9; i++) {
        cr_assert_eq(r->chain[i].values[CERT_key_bits].number, i);
        cr_assert_eq(r->chain[i].values[CERT_san].nitems, 1);
    }
    record_state(r, REC_chain, VALUE_NONE);
    cr_assert_eq(r->nchain, 0);
}

Test(record, clearing_forgets_all_but_the_place)
{
    struct buf log;

    r->seq = 7;
    r->incomplete = true;
    record_text(r, REC_cipher, "x");
    cr_assert_not_null(record_add_cert(r));
    buf_init(&log, 100);
    buf_text(&log, "depth=0");
    record_take(r, &r->log, &log);
    buf_text(&log, ">>> TLS 1.3");
    record_take(r, &r->trace, &log);
    record_clear(r);
    cr_assert_eq(r->seq, 7);
    cr_assert_not(r->incomplete);
    cr_assert_not(record_known(r, REC_cipher));
    cr_assert_not(record_known(r, REC_chain));
    cr_assert_null(r->log.data);
    cr_assert_null(r->trace.data);
}

Test(record, a_part_takes_over_the_bytes_of_a_buffer)
{
    struct buf b;

    buf_init(&b, 100);
    buf_text(&b, "old");
    record_take(r, &r->block, &b);
    buf_text(&b, "new block");
    record_take(r, &r->block, &b);
    cr_assert_str_eq(r->block.data, "new block");
    cr_assert_eq(r->block.len, 9);
    cr_assert_eq(b.len, 0);
    cr_assert_not(r->incomplete);
}

Test(record, an_overlong_part_is_cut_and_says_so)
{
    struct buf b;

    buf_init(&b, 8);
    buf_text(&b, "12345678");
    buf_text(&b, "9");
    record_take(r, &r->block, &b);
    cr_assert_str_eq(r->block.data, "12345678\n(truncated)\n");
    cr_assert_eq(r->values[REC_warnings].nitems, 1);
    cr_assert_not(r->incomplete);
}

Test(record, a_part_that_is_cut_between_lines_gets_no_empty_line)
{
    struct buf b;

    buf_init(&b, 8);
    buf_text(&b, "1234567\n");
    buf_text(&b, "9");
    record_take(r, &r->trace, &b);
    cr_assert_str_eq(r->trace.data, "1234567\n(truncated)\n");
}

Test(record, a_part_that_ran_out_of_memory_is_not_believed)
{
    struct buf b;

    buf_init(&b, 100);
    fault_arm(1);
    buf_text(&b, "x");
    fault_arm(-1);
    record_take(r, &r->block, &b);
    cr_assert(r->incomplete);
    cr_assert_null(r->block.data);
}

Test(record, an_outcome_without_a_reason_is_ok)
{
    record_outcome(r, &(struct err){ .stage = STAGE_HANDSHAKE });
    cr_assert_eq(record_status(r), STATUS_OK);
    cr_assert_str_eq(record_get(r, REC_stage), "done");
    cr_assert_str_eq(record_get(r, REC_code), "none");
    cr_assert_eq(r->values[REC_error].state, VALUE_NONE);
}

Test(record, an_outcome_tells_status_stage_code_and_sentence)
{
    struct err e = { .stage = STAGE_CONNECT };

    err_set(&e, ERR_REFUSED, "a:1: connection refused");
    record_outcome(r, &e);
    cr_assert_eq(record_status(r), STATUS_FAILED);
    cr_assert_str_eq(record_get(r, REC_stage), "connect");
    cr_assert_str_eq(record_get(r, REC_code), "connect_refused");
    cr_assert_str_eq(record_get(r, REC_error), "a:1: connection refused");
}

Test(record, a_later_outcome_replaces_the_earlier)
{
    struct err e = { .stage = STAGE_CONNECT };

    err_set(&e, ERR_REFUSED, "refused");
    record_outcome(r, &e);
    record_outcome(r, &(struct err){ 0 });
    cr_assert_eq(record_status(r), STATUS_OK);
    cr_assert_null(record_get(r, REC_error));
}

Test(record, every_status_is_read_back)
{
    for (size_t i = 0; i < ERR_COUNT; i++) {
        record_outcome(r, &(struct err){ .code = (enum err_code)i });
        cr_assert_eq(record_status(r), err_row((enum err_code)i)->status);
    }
}

Test(record, without_a_status_it_is_our_fault)
{
    cr_assert_eq(record_status(r), STATUS_INTERNAL);
}

/* Everything that allocates, once. */
static void fill(struct record *rec)
{
    struct err e = { .stage = STAGE_CONNECT };
    struct cert *c;

    record_text(rec, REC_cipher, "x");
    record_text(rec, REC_cipher, "y");
    record_add(rec, REC_san, "DNS:a", 5);
    record_add(rec, REC_san, "DNS:b", 5);
    for (int i = 0; i < 2; i++) {
        c = record_add_cert(rec);
        if (!c)
            continue;
        cert_bytes(rec, c, CERT_subject, "CN=a", 4);
        cert_add(rec, c, CERT_san, "DNS:a", 5);
    }
    err_set(&e, ERR_REFUSED, "refused");
    record_outcome(rec, &e);
}

Test(record, running_out_of_memory_anywhere_marks_the_record)
{
    fault_arm(0);
    fill(r);
    long calls = fault_seen();

    cr_assert_gt(calls, 10);
    cr_assert_not(r->incomplete);
    for (long n = 1; n <= calls; n++) {
        record_clear(r);
        fault_arm(n);
        fill(r);
        cr_assert(r->incomplete, "call %ld was refused without a trace", n);
    }
    fault_arm(-1);
}

Test(record, no_memory_for_the_record_itself)
{
    fault_arm(1);
    struct record *none = record_new();

    fault_arm(-1);
    cr_assert_null(none);
    record_free(none);
}

Test(record, a_setter_of_the_wrong_kind_aborts, .signal = SIGABRT)
{
    record_text(r, REC_port, "443");
}

Test(record, a_number_for_a_text_aborts, .signal = SIGABRT)
{
    record_number(r, REC_cipher, 1);
}

Test(record, an_item_for_a_text_aborts, .signal = SIGABRT)
{
    record_add(r, REC_cipher, "x", 1);
}

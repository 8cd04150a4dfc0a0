#include "../../../src/judge/change.h"

#include "base/fault.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

static struct record *before, *now;

static void end(void)
{
    record_free(before);
    record_free(now);
}

TestSuite(change, .fini = end);

static void expect_change(const char *text)
{
    struct buf out;

    buf_init(&out, 1 << 20);
    change_say(&out, before, now);
    cr_expect_str_eq(buf_string(&out), text);
    buf_release(&out);
}

Test(change, equal_records_have_none)
{
    before = sample_record("status", "ok", "san", "a", "key_bits", "2048",
                           "verified", "yes", "chain", "CN", NULL);
    now = sample_record("status", "ok", "san", "a", "key_bits", "2048",
                        "verified", "yes", "chain", "CN", NULL);
    expect_change("");
}

Test(change, fields_are_named_with_old_and_new)
{
    before = sample_record("protocol", "TLSv1.2", "verified", "yes", "key_bits",
                           "2048", "not_after", "0", NULL);
    now = sample_record("protocol", "TLSv1.3", "verified", "no", "key_bits",
                        "4096", "not_after", "86400", NULL);
    expect_change("verified: yes -> no; protocol: TLSv1.2 -> TLSv1.3; "
                  "not_after: 1970-01-01T00:00:00Z -> 1970-01-02T00:00:00Z; "
                  "key_bits: 2048 -> 4096");
}

Test(change, none_and_empty_are_values)
{
    before = sample_record("alpn", "(none)", "group", "", "key_bits", "(none)",
                           "resumed", "(none)", NULL);
    now = sample_record("alpn", "h2", "group", "x25519", "key_bits", "0",
                        "resumed", "no", NULL);
    expect_change("group: \"\" -> x25519; alpn: none -> h2; "
                  "key_bits: none -> 0; resumed: none -> no");
}

Test(change, a_text_that_says_none_is_the_state)
{
    before = sample_record("alpn", "(none)", NULL);
    now = sample_record("alpn", "none", NULL);
    expect_change("");
}

Test(change, what_one_side_does_not_know_is_none)
{
    before =
        sample_record("alpn", "h2", "ocsp", "(not asked)", "group", "not_asked",
                      "san", "a", "key_bits", "(not asked)", NULL);
    now = sample_record("cipher", "AES", "ocsp", "good", "group", "x25519",
                        "client_cas", "x", "key_bits", "1", NULL);
    expect_change("");
}

/* Every field that may differ between two runs of the same fleet, or that says
 * what was asked: told apart by hand, so that a new field is thought about. */
Test(change, what_is_volatile_or_was_asked_for_is_not_compared)
{
    static const char *const silent[] = {
        "index",         "target",
        "host",          "port",
        "address",       "sni",
        "starttls",      "profile",
        "error",         "days_left",
        "ms_total",      "attempts",
        "expect",        "change",
        "time",          "source_address",
        "session_id",    "ticket_lifetime",
        "crl_downloads", "keying_material",
        "tcp_fast_open", "bytes_read",
        "bytes_written", "ms_resolve",
        "ms_connect",    "ms_proxy",
        "ms_starttls",   "ms_handshake",
        "tags",          "repro",
    };
    size_t told = 0;

    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        const char *name = field_rows[i].name;
        bool pairs = field_rows[i].kind == FIELD_TAGS;
        bool is_silent = false;
        struct buf out;

        for (size_t j = 0; j < sizeof(silent) / sizeof(silent[0]); j++)
            is_silent = is_silent || strcmp(silent[j], name) == 0;
        before = sample_record(name, pairs ? "a=b" : "1", NULL);
        now = sample_record(name, pairs ? "a=c" : "2", NULL);
        if (field_rows[i].kind == FIELD_BOOL)
            sample_set(now, name, "yes");
        buf_init(&out, 1000);
        change_say(&out, before, now);
        cr_expect_eq(out.len == 0, is_silent, "%s: %s", name, buf_string(&out));
        told += out.len > 0;
        buf_release(&out);
        record_free(before);
        record_free(now);
    }
    before = now = NULL;
    cr_assert_eq(told, FIELDS_COUNT - sizeof(silent) / sizeof(silent[0]));
}

Test(change, a_list_tells_what_went_and_what_came)
{
    before = sample_record("san", "DNS:a", "san", "DNS:b", "san", "DNS:c",
                           "san", "DNS:c", NULL);
    now = sample_record("san", "DNS:c", "san", "DNS:d", "san", "DNS:a", NULL);
    expect_change("san: -DNS:b -DNS:c +DNS:d");
}

Test(change, the_order_of_a_list_is_none)
{
    before = sample_record("san", "DNS:a", "san", "DNS:b", NULL);
    now = sample_record("san", "DNS:b", "san", "DNS:a", NULL);
    expect_change("");
}

Test(change, a_list_comes_and_goes)
{
    before = sample_record("san", "(none)", "client_cas", "CN = a", NULL);
    now = sample_record("san", "DNS:a", "client_cas", "(none)", NULL);
    expect_change("san: +DNS:a; client_cas: -CN = a");
}

/* In CSV "a; b" and "c" look as "a" and "b; c". */
Test(change, separators_inside_of_items_are_none)
{
    before = sample_record("san", "a", "san", "b; c", NULL);
    now = sample_record("san", "a; b", "san", "c", NULL);
    expect_change("");
}

Test(change, of_many_items_ten_are_told)
{
    before = sample_record("san", "(none)", NULL);
    now = record_new();
    for (char c = 'a'; c <= 'm'; c++)
        record_add(now, REC_san, &c, 1);
    expect_change("san: +a +b +c +d +e +f +g +h +i +j (and +3 more)");
}

Test(change, long_values_are_cut)
{
    char text[1000], wanted[1000] = "subject: a -> ";

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    before = sample_record("subject", "a", NULL);
    now = sample_record("subject", text, NULL);
    strncat(wanted, text, 240);
    expect_change(strcat(wanted, "..."));
}

static void add_cert(struct record *r, const char *subject, const char *print)
{
    struct cert *c = record_add_cert(r);

    cert_bytes(r, c, CERT_subject, subject, strlen(subject));
    if (print)
        cert_bytes(r, c, CERT_sha256, print, strlen(print));
}

Test(change, certificates_are_told_by_fingerprint_when_both_sides_have_it)
{
    before = record_new();
    now = record_new();
    add_cert(before, "CN = leaf", "aa");
    add_cert(before, "CN = R3", "bb");
    add_cert(now, "CN = leaf", "aa");
    add_cert(now, "CN = R3", "cc");
    expect_change("chain: -CN = R3 (bb) +CN = R3 (cc)");
}

Test(change, certificates_are_told_by_subject_when_one_side_has_no_more)
{
    before = record_new();
    now = record_new();
    add_cert(before, "CN = leaf", NULL);
    add_cert(before, "CN = R3", NULL);
    add_cert(now, "CN = leaf", "aa");
    add_cert(now, "CN = R3", "cc");
    expect_change("");
    add_cert(now, "CN = X1", "dd");
    expect_change("chain: +CN = X1");
}

Test(change, our_own_faults_tell_nothing)
{
    static const struct {
        const char *status;
        bool tells;
    } rows[] = {
        { "ok", true },
        { "failed", true },
        { "timeout", true },
        { "invalid", true },
        { "config", true },
        { "internal", false },
        { "not_attempted", false },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        now = sample_record("status", rows[i].status, NULL);
        cr_expect_eq(change_can_tell(now), rows[i].tells, "%s", rows[i].status);
        record_free(now);
    }
    now = record_new();
    cr_expect(change_can_tell(now), "a baseline without the column");
}

Test(change, refused_memory_is_marked)
{
    long nth = 1;

    before = sample_record("san", "a", "alpn", "h2", NULL);
    now = sample_record("san", "b", "alpn", "h3", NULL);
    for (bool refused = true; refused; nth++) {
        struct buf out;

        buf_init(&out, 1000);
        fault_arm(nth);
        change_say(&out, before, now);
        refused = fault_seen() >= nth;
        fault_arm(0);
        cr_assert_eq(out.refused, refused, "fault %ld", nth);
        buf_release(&out);
    }
    cr_assert_gt(nth, 6);
}

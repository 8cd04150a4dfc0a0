#include "../../../src/report/lane.h"
#include "base/fault.h"
#include "base/mem.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char folder[400], path[500];
static struct report_config config;
static struct lane lane;
static struct summary summary;
static struct err e;
static char *text; /* the report */

static void begin(void)
{
    sample_folder(folder, sizeof(folder));
    snprintf(path, sizeof(path), "%s/fleet.prom", folder);
    config = sample_config(NULL);
    config.heed = FINDING_FAILED | FINDING_VERIFY;
    summary = (struct summary){
        .whole = true, .began = 1000, .ended = 1007, .ms = 7250
    };
}

static void end(void)
{
    mem_free(text);
    lane_release(&lane);
    sample_remove(folder);
}

TestSuite(prometheus, .init = begin, .fini = end);

/* The report of these records. */
static bool report(struct record *const *records, size_t n)
{
    const struct report_spec spec = { .format =
                                          report_format_find("prometheus"),
                                      .file = path };
    bool done = lane_open(&lane, &spec, &config, &e);

    for (size_t i = 0; i < n; i++) {
        done = done && lane_record(&lane, records[i]);
        summary_add(&summary, records[i]);
    }
    return done && lane_finish(&lane, &summary);
}

static void read_report(void)
{
    size_t len;

    mem_free(text);
    text = sample_read(folder, "fleet.prom", &len);
}

/* The same; the records are freed. */
static void report_all(struct record *const *records, size_t n)
{
    cr_assert(report(records, n), "%s", lane.error.msg);
    read_report();
    cr_assert_not_null(text);
    for (size_t i = 0; i < n; i++)
        record_free(records[i]);
}

static void report_one(struct record *r)
{
    report_all(&r, 1);
}

static void assert_has(const char *part)
{
    cr_assert_not_null(strstr(text, part), "no %s in\n%s", part, text);
}

static void assert_lacks(const char *part)
{
    cr_assert_null(strstr(text, part), "%s in\n%s", part, text);
}

Test(prometheus, samples_of_a_metric_stand_together_in_list_order)
{
    struct record *records[] = { sample_ok(1, "b:1"), sample_failed(0, "a:1") };

    report_all(records, 2);
    assert_has("# HELP probe_success 1: nothing was found that -fail_on "
               "names.\n"
               "# TYPE probe_success gauge\n"
               "probe_success{target=\"a:1\"} 0\n"
               "probe_success{target=\"b:1\"} 1\n"
               "# HELP ");
    assert_has("# TYPE tlsfleet_name_match gauge\n"
               "tlsfleet_name_match{target=\"b:1\"} 1\n# HELP");
    assert_has("tlsfleet_outcome_info{target=\"a:1\",status=\"failed\","
               "stage=\"connect\",code=\"connect_refused\"} 1\n");
}

Test(prometheus, an_empty_scan_has_the_metrics_of_the_run)
{
    report_all(NULL, 0);
    cr_assert_eq(strncmp(text,
                         "# HELP tlsfleet_targets How many targets came to "
                         "that status.\n"
                         "# TYPE tlsfleet_targets gauge\n"
                         "tlsfleet_targets{status=\"ok\"} 0\n",
                         100),
                 0, "%s", text);
    assert_has("\ntlsfleet_scan_complete 1\n");
    assert_has("\ntlsfleet_scan_start_timestamp_seconds 1000\n");
    assert_has("\ntlsfleet_scan_end_timestamp_seconds 1007\n");
    assert_has("\ntlsfleet_scan_duration_seconds 7.250\n");
    assert_lacks("probe_");
}

Test(prometheus, success_is_what_fail_on_makes_it)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_name_match, 0);
    report_one(r);
    assert_has("probe_success{target=\"a:1\"} 1\n");
    assert_has("tlsfleet_name_match{target=\"a:1\"} 0\n");
    lane_release(&lane);
    config.heed |= FINDING_NAME;
    r = sample_ok(0, "a:1");
    record_number(r, REC_name_match, 0);
    report_one(r);
    assert_has("probe_success{target=\"a:1\"} 0\n");
}

Test(prometheus, durations_are_seconds)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_ms_total, 12034567);
    report_one(r);
    assert_has("probe_duration_seconds{target=\"a:1\"} 12.034567\n");
}

static const struct {
    const char *ours, *theirs;
} versions[] = {
    { "TLSv1", "TLS 1.0" },     { "TLSv1.1", "TLS 1.1" },
    { "TLSv1.2", "TLS 1.2" },   { "TLSv1.3", "TLS 1.3" },
    { "DTLSv1.2", "DTLSv1.2" }, { "SSLv3", "SSLv3" },
};

Test(prometheus, versions_are_named_as_blackbox_exporter_names_them)
{
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        struct record *r = sample_ok(0, "a:1");
        char line[100];

        record_text(r, REC_protocol, versions[i].ours);
        report_one(r);
        snprintf(line, sizeof(line),
                 "probe_tls_version_info{target=\"a:1\",version=\"%s\"} 1\n",
                 versions[i].theirs);
        assert_has(line);
        lane_release(&lane);
    }
}

Test(prometheus, the_leaf_is_told_with_its_dns_names)
{
    struct record *r = sample_ok(0, "a:1");

    record_text(r, REC_sha256, "ab12");
    record_text(r, REC_issuer, "CN = CA");
    record_text(r, REC_serial, "0F");
    record_text(r, REC_subject, "CN = \"a\\b\"");
    record_add(r, REC_san, "DNS:a", 5);
    record_add(r, REC_san, "IP:1.2.3.4", 10);
    record_add(r, REC_san, "DNS:*.b", 7);
    report_one(r);
    assert_has("probe_ssl_last_chain_info{target=\"a:1\","
               "fingerprint_sha256=\"ab12\",issuer=\"CN = CA\","
               "serialnumber=\"0f\",subject=\"CN = \\\"a\\\\b\\\"\","
               "subjectalternative=\"a,*.b\"} 1\n");
}

/* ---- when chains end ---- */

static void add_cert(struct record *r, int64_t not_after)
{
    struct cert *c = record_add_cert(r);

    cr_assert_not_null(c);
    cert_number(c, CERT_not_after, not_after);
}

Test(prometheus, the_earliest_end_is_that_of_all_and_the_chains_of_its_own)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_not_after, 5000);
    record_number(r, REC_chain_not_after, 4000);
    add_cert(r, 5000);
    add_cert(r, 900);
    report_one(r);
    assert_has("probe_ssl_earliest_cert_expiry{target=\"a:1\"} 900\n");
    assert_has("tlsfleet_cert_expiry_timestamp_seconds{target=\"a:1\"} 5000\n");
    assert_has("probe_ssl_last_chain_expiry_timestamp_seconds"
               "{target=\"a:1\"} 4000\n");
}

Test(prometheus, a_chain_that_does_not_verify_has_no_end)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_not_after, 5000);
    report_one(r);
    assert_lacks("probe_ssl_last_chain_expiry_timestamp_seconds");
    assert_has("probe_ssl_earliest_cert_expiry{target=\"a:1\"} 5000\n");
}

/* ---- labels ---- */

Test(prometheus, a_profile_is_a_label)
{
    struct record *r = sample_ok(0, "a:1");

    record_text(r, REC_profile, "legacy");
    report_one(r);
    assert_has("probe_success{target=\"a:1\",profile=\"legacy\"} 1\n");
}

Test(prometheus, the_addresses_of_a_target_are_told_apart)
{
    struct record *r = sample_ok(0, "a:1");

    config.by_address = true;
    record_text(r, REC_address, "127.0.0.1");
    r->more = sample_ok(0, "a:1");
    record_text(r->more, REC_address, "::1");
    report_one(r);
    assert_has("probe_success{target=\"a:1\",address=\"127.0.0.1\"} 1\n"
               "probe_success{target=\"a:1\",address=\"::1\"} 1\n");
}

Test(prometheus, a_target_that_comes_again_gets_its_index)
{
    struct record *records[] = { sample_ok(2, "a:1"), sample_ok(0, "a:1"),
                                 sample_ok(1, "b:1") };

    report_all(records, 3);
    assert_has("probe_success{target=\"a:1\"} 1\n"
               "probe_success{target=\"b:1\"} 1\n"
               "probe_success{target=\"a:1\",index=\"3\"} 1\n");
    assert_has("probe_tls_version_info{target=\"a:1\",index=\"3\","
               "version=\"TLS 1.3\"} 1\n");
}

Test(prometheus, what_only_the_baseline_has_is_no_target)
{
    struct record *r = sample_ok(0, "a:1");
    struct err why = { .stage = STAGE_INPUT };

    err_set(&why, ERR_GONE, "gone");
    record_outcome(r, &why);
    record_text(r, REC_change, "gone");
    report_one(r);
    assert_lacks("probe_success");
    assert_has("tlsfleet_change{target=\"a:1\"} 1\n");
    assert_has("tlsfleet_targets{status=\"not_attempted\"} 0\n");
}

Test(prometheus, only_does_not_apply)
{
    config.only = ONLY_PROBLEMS;
    report_one(sample_ok(0, "a:1"));
    assert_has("probe_success{target=\"a:1\"} 1\n");
}

/* Every line is a comment or a sample with all its quotes closed. */
static bool is_well_formed(const char *report_text)
{
    bool quoted = false;

    for (const char *at = report_text; *at; at++) {
        if (*at == '\n' && quoted)
            return false;
        if (quoted && *at == '\\')
            at++;
        else
            quoted ^= *at == '"';
    }
    return !quoted;
}

Test(prometheus, hostile_texts_stay_between_their_quotes)
{
    for (size_t i = 0; i < hostile_count; i++) {
        struct record *r = sample_ok(0, "a:1");

        record_bytes(r, REC_target, hostile_texts[i].text,
                     hostile_texts[i].len);
        record_bytes(r, REC_subject, hostile_texts[i].text,
                     hostile_texts[i].len);
        record_add(r, REC_san, hostile_texts[i].text, hostile_texts[i].len);
        record_text(r, REC_sha256, "ab");
        report_one(r);
        cr_assert(sample_is_neutral(text, strlen(text)), "%s", text);
        cr_assert(is_well_formed(text), "%s", text);
        lane_release(&lane);
    }
}

/* ---- the file ---- */

Test(prometheus, anybody_may_read_the_file)
{
    struct stat st;
    const mode_t before = umask(0077);

    config.show_secrets = true;
    report_one(sample_ok(0, "a:1"));
    umask(before);
    cr_assert_eq(stat(path, &st), 0);
    cr_assert_eq(st.st_mode & 0777, 0644);
}

Test(prometheus, more_than_a_block_comes_out_as_it_went_in)
{
    enum { MANY = 3000 };
    static struct record *records[MANY];
    size_t lines = 0;

    for (size_t i = 0; i < MANY; i++) {
        char name[300];

        snprintf(name, sizeof(name), "%0250zu:443", i);
        records[i] = sample_ok(i, name);
    }
    report_all(records, MANY);
    for (const char *at = text; (at = strstr(at, "\nprobe_success{")) != NULL;
         at++) {
        char expected[300];
        int len =
            snprintf(expected, sizeof(expected),
                     "\nprobe_success{target=\"%0250zu:443\"} 1\n", lines++);

        cr_assert_eq(strncmp(at, expected, (size_t)len), 0);
    }
    cr_assert_eq(lines, MANY);
}

Test(prometheus, a_failure_at_any_call_leaves_no_cut_report)
{
    struct record *records[] = { sample_ok(2, "a:1"), sample_ok(1, "a:1"),
                                 sample_failed(0, "b:1") };
    char *whole;
    long calls, failures = 0;

    summary = (struct summary){ .whole = true };
    fault_arm(0);
    cr_assert(report(records, 3));
    calls = fault_seen();
    fault_arm(-1);
    read_report();
    whole = text;
    text = NULL;
    for (long n = 1; n <= calls; n++) {
        bool done;

        lane_release(&lane);
        remove(path);
        e = (struct err){ 0 };
        summary = (struct summary){ .whole = true };
        fault_arm(n);
        done = report(records, 3);
        fault_arm(-1);
        read_report();
        failures += !done;
        cr_assert(done || e.code != ERR_NONE || lane.error.code != ERR_NONE);
        cr_assert(!text || strcmp(text, whole) == 0, "call %ld", n);
        lane_release(&lane);
        cr_assert_eq(sample_files(folder), text != NULL);
    }
    cr_assert_gt(failures, calls / 2);
    mem_free(whole);
    for (size_t i = 0; i < 3; i++)
        record_free(records[i]);
}

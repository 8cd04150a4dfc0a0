/* prometheus -- samples for the textfile collector of node_exporter.
 *
 * The names with probe_ are those of blackbox_exporter, which users have in
 * their rules and dashboards. */
#include "findings.h"
#include "format.h"
#include "labels.h"

#include <inttypes.h>
#include <string.h>

enum { MICRO = 1000 * 1000 };

/* ---- values ---- */

/* A look at a record for one metric. */
struct look {
    const struct record *record;
    unsigned heed;
    int64_t value;
};

static bool see_success(struct look *l)
{
    l->value = (report_findings(l->record) & l->heed) == 0;
    return record_status(l->record) != STATUS_NOT_ATTEMPTED;
}

static int64_t end_of(const struct cert *c)
{
    const struct value *end = &c->values[CERT_not_after];

    return end->state == VALUE_KNOWN ? end->number : INT64_MAX;
}

/* The first end of all certificates that the server sent. */
static bool see_earliest_end(struct look *l)
{
    const struct record *r = l->record;

    l->value = record_int(r, REC_not_after, 0);
    for (size_t i = 0; i < r->nchain; i++)
        if (end_of(&r->chain[i]) < l->value)
            l->value = end_of(&r->chain[i]);
    return true;
}

static bool see_expect(struct look *l)
{
    l->value = !(report_findings(l->record) & FINDING_EXPECT);
    return true;
}

static bool see_change(struct look *l)
{
    l->value = (report_findings(l->record) & FINDING_CHANGE) != 0;
    return true;
}

/* ---- the metrics of a target ---- */

/* There is a sample when the field is known.  Its value is what see() says, 1
 * with labels, else the field's. */
static const struct row {
    struct metric metric;
    enum field_id field;
    bool (*see)(struct look *l); /* false: no sample after all */
    void (*labels)(struct sheet *s, const struct record *r);
} rows[] = {
    { { "probe_success", "1: nothing was found that -fail_on names." },
      REC_status,
      see_success,
      NULL },
    { { "probe_duration_seconds", "How long the probe took, all attempts." },
      REC_ms_total,
      NULL,
      NULL },
    { { "probe_dns_lookup_time_seconds", "How long the name lookup took." },
      REC_ms_resolve,
      NULL,
      NULL },
    { { "probe_ssl_earliest_cert_expiry",
        "First end of validity of all certificates that were sent." },
      REC_not_after,
      see_earliest_end,
      NULL },
    { { "probe_ssl_last_chain_expiry_timestamp_seconds",
        "First end of validity in the chain that verified." },
      REC_chain_not_after,
      NULL,
      NULL },
    { { "probe_ssl_last_chain_info", "The leaf certificate." },
      REC_sha256,
      NULL,
      labels_cert },
    { { "probe_tls_version_info", "The protocol version agreed on." },
      REC_protocol,
      NULL,
      labels_version },
    { { "tlsfleet_outcome_info", "Where the probe ended, and why." },
      REC_status,
      NULL,
      labels_outcome },
    { { "tlsfleet_verified", "1: the chain verifies, 0: it does not." },
      REC_verified,
      NULL,
      NULL },
    { { "tlsfleet_name_match", "1: the certificate has the right name." },
      REC_name_match,
      NULL,
      NULL },
    { { "tlsfleet_cert_expiry_timestamp_seconds",
        "When the leaf's validity ends." },
      REC_not_after,
      NULL,
      NULL },
    { { "tlsfleet_expect", "1: all expectations are met." },
      REC_expect,
      see_expect,
      NULL },
    { { "tlsfleet_change", "1: something differs from the baseline." },
      REC_change,
      see_change,
      NULL },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

_Static_assert(sizeof(rows) / sizeof(rows[0]) <= METRICS_MAX, "a letter each");

static const struct metric *prometheus_metric(size_t nth)
{
    return nth < ROWS ? &rows[nth].metric : NULL;
}

/* A span is microseconds in the record and seconds here. */
static void add_value(struct buf *out, enum field_kind kind, int64_t value)
{
    if (kind == FIELD_MS)
        buf_printf(out, "} %" PRId64 ".%06d\n", value / MICRO,
                   (int)(value % MICRO));
    else
        buf_printf(out, "} %" PRId64 "\n", value);
}

static void add_sample(struct sheet *s, const struct record *r, size_t nth)
{
    const struct row *row = &rows[nth];
    struct look look = { .record = r, .heed = s->heed, .value = 1 };

    if (row->see && !row->see(&look))
        return;
    if (!row->see && !row->labels)
        look.value = record_int(r, row->field, 0);
    buf_byte(&s->out, (char)('A' + nth));
    if (row->labels)
        row->labels(s, r);
    add_value(&s->out, row->see ? FIELD_INT : field_rows[row->field].kind,
              look.value);
}

static void prometheus_record(struct sheet *s, const struct record *r)
{
    labels_identity(s, r);
    for (size_t i = 0; i < ROWS; i++)
        if (record_known(r, rows[i].field))
            add_sample(s, r, i);
}

/* ---- the metrics of the run ---- */

static void add_number(struct buf *out, const char *name, int64_t number,
                       const char *help)
{
    series_head(out, name, help);
    buf_printf(out, "%s %" PRId64 "\n", name, number);
}

static void add_statuses(struct buf *out, const struct report_totals *totals)
{
    static const char name[] = "tlsfleet_targets";

    series_head(out, name, "How many targets came to that status.");
    for (size_t i = 0; i < STATUS_COUNT; i++)
        buf_printf(out, "%s{status=\"%s\"} %" PRIu64 "\n", name,
                   status_name((enum status)i),
                   report_came_to(totals, (enum status)i));
}

static void prometheus_end(struct sheet *s, const struct summary *summary)
{
    static const char duration[] = "tlsfleet_scan_duration_seconds";

    add_statuses(&s->out, &summary->totals);
    add_number(&s->out, "tlsfleet_scan_complete", summary->whole,
               "1: every target was probed.");
    add_number(&s->out, "tlsfleet_scan_start_timestamp_seconds", summary->began,
               "When the scan began.");
    add_number(&s->out, "tlsfleet_scan_end_timestamp_seconds", summary->ended,
               "When the scan ended.");
    series_head(&s->out, duration, "How long the scan took.");
    buf_printf(&s->out, "%s %" PRId64 ".%03d\n", duration, summary->ms / 1000,
               (int)(summary->ms % 1000));
}

const struct report_format format_prometheus = {
    .name = "prometheus",
    .record = prometheus_record,
    .end = prometheus_end,
    .metric = prometheus_metric,
};

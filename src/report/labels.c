#include "labels.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* The scratch as what stands between the quotes.  A backslash that the encoder
 * doubled is one again: the value is what others have in their labels. */
static void add_escaped(struct sheet *s)
{
    const char *text = buf_string(&s->scratch);

    for (size_t i = 0; i < s->scratch.len; i++) {
        i += text[i] == '\\' && text[i + 1] == '\\';
        if (text[i] == '\\' || text[i] == '"')
            buf_byte(&s->out, '\\');
        buf_byte(&s->out, text[i]);
    }
}

/* name="text", what is not known being empty. */
static void add_label(struct sheet *s, const char *name, const struct record *r,
                      enum field_id id)
{
    buf_printf(&s->out, "%s=\"", name);
    sheet_encode(sheet_scratch(s), &r->values[id].text, TEXT_LINE);
    add_escaped(s);
    buf_byte(&s->out, '"');
}

static void add_further(struct sheet *s, const char *name,
                        const struct record *r, enum field_id id)
{
    buf_byte(&s->out, ',');
    add_label(s, name, r, id);
}

void labels_identity(struct sheet *s, const struct record *r)
{
    buf_printf(&s->out, "=%" PRId64 " ", record_int(r, REC_index, 0));
    add_label(s, "target", r, REC_target);
    if (record_known(r, REC_profile))
        add_further(s, "profile", r, REC_profile);
    if (s->by_address && record_known(r, REC_address))
        add_further(s, "address", r, REC_address);
    buf_byte(&s->out, '\n');
}

/* TLSv1.2 is TLS 1.2 for blackbox_exporter. */
void labels_version(struct sheet *s, const struct record *r)
{
    static const char ours[] = "TLSv";
    const struct bytes *protocol = &r->values[REC_protocol].text;
    const size_t len = strlen(ours);
    const bool is_tls =
        protocol->len > len && memcmp(protocol->data, ours, len) == 0;
    struct buf *text = sheet_scratch(s);

    buf_text(&s->out, ",version=\"");
    if (is_tls) {
        buf_text(text, "TLS ");
        text_encode(text, protocol->data + len, protocol->len - len, TEXT_LINE);
        buf_text(text, protocol->len == len + 1 ? ".0" : "");
    } else {
        sheet_encode(text, protocol, TEXT_LINE);
    }
    add_escaped(s);
    buf_byte(&s->out, '"');
}

/* The DNS names between commas. */
static void add_names(struct sheet *s, const struct value *san)
{
    static const char type[] = "DNS:";
    const size_t len = strlen(type);
    struct buf *text = sheet_scratch(s);

    for (size_t i = 0; i < san->nitems; i++) {
        const struct bytes *item = &san->items[i];

        if (item->len <= len || memcmp(item->data, type, len) != 0)
            continue;
        buf_text(text, text->len > 0 ? "," : "");
        text_encode(text, item->data + len, item->len - len, TEXT_LINE);
    }
    add_escaped(s);
}

/* Upper case for us, lower case for blackbox_exporter. */
static void add_serial(struct sheet *s, const struct value *serial)
{
    buf_text(&s->out, ",serialnumber=\"");
    for (size_t i = 0; i < serial->text.len; i++)
        buf_byte(&s->out, (char)tolower((unsigned char)serial->text.data[i]));
    buf_byte(&s->out, '"');
}

void labels_cert(struct sheet *s, const struct record *r)
{
    add_further(s, "fingerprint_sha256", r, REC_sha256);
    add_further(s, "issuer", r, REC_issuer);
    add_serial(s, &r->values[REC_serial]);
    add_further(s, "subject", r, REC_subject);
    buf_text(&s->out, ",subjectalternative=\"");
    add_names(s, &r->values[REC_san]);
    buf_byte(&s->out, '"');
}

void labels_outcome(struct sheet *s, const struct record *r)
{
    add_further(s, "status", r, REC_status);
    add_further(s, "stage", r, REC_stage);
    add_further(s, "code", r, REC_code);
}

/* secrets -- what was known beforehand (PSK, SRP), and what is exported. */
#include "inspect_room.h"

#include "base/mem.h"

#include <string.h>

static void record_psk(const struct view *v)
{
    const struct psk_use *use = &v->conn->psk;

    if (!use->ask)
        record_state(v->record, REC_psk, VALUE_NOT_ASKED);
    else if (use->identity)
        record_text(v->record, REC_psk, use->identity);
    else
        record_state(v->record, REC_psk, VALUE_NONE);
}

static void record_srp(const struct view *v)
{
    const char *user = srp_user(v->conn->ssl);

    if (!user)
        record_state(v->record, REC_srp_user, VALUE_NOT_ASKED);
    else if (srp_used(v->conn->ssl))
        record_text(v->record, REC_srp_user, user);
    else
        record_state(v->record, REC_srp_user, VALUE_NONE);
}

/* ---- keying material (RFC 5705) ---- */

/* Digits of what was exported; false when OpenSSL refuses. */
static bool export_keys(const struct view *v, struct buf *digits, bool upper)
{
    const struct inspect_ask *ask = v->ask;
    unsigned char *bytes = mem_new(ask->keymat_len, 1);
    bool done = bytes
                && SSL_export_keying_material(
                       v->conn->ssl, bytes, ask->keymat_len, ask->keymat_label,
                       strlen(ask->keymat_label), NULL, 0, 0)
                       > 0;

    buf_init(digits, 2 * ask->keymat_len);
    digits->refused = !bytes;
    if (done)
        hex_add(digits, bytes, ask->keymat_len, upper);
    if (bytes)
        OPENSSL_cleanse(bytes, ask->keymat_len);
    mem_free(bytes);
    return done;
}

static void record_keymat(const struct view *v)
{
    struct buf digits;

    if (!v->ask->keymat_label) {
        record_state(v->record, REC_keying_material, VALUE_NOT_ASKED);
        return;
    }
    if (!wanted(v->ask, REC_keying_material))
        return;
    export_keys(v, &digits, false);
    if (digits.len > 0 || digits.refused)
        record_buf(v->record, REC_keying_material, &digits);
    buf_wipe(&digits);
}

void block_keymat(const struct view *v, struct buf *out)
{
    const struct inspect_ask *ask = v->ask;
    struct buf digits;

    if (!ask->keymat_label)
        return;
    buf_text(out, "Keying material exporter:\n    Label: '");
    tls_print_line(out, ask->keymat_label, strlen(ask->keymat_label));
    buf_printf(out, "'\n    Length: %zu bytes\n", ask->keymat_len);
    if (export_keys(v, &digits, true))
        buf_printf(out, "    Keying material: %s\n",
                   ask->secrets ? buf_string(&digits) : "redacted");
    else
        buf_text(out, "    Error\n");
    out->refused |= digits.refused;
    buf_wipe(&digits);
}

void secrets_record(const struct view *v)
{
    record_psk(v);
    record_srp(v);
    record_keymat(v);
}

/* dane -- the TLSA record that matched, and how. */
#include "inspect_room.h"
#include "tls/newer.h"

/* The record that matched, of its data the last "tail" bytes; false when
 * none did. */
static bool describe(SSL *ssl, size_t tail, struct buf *out)
{
    const unsigned char *data;
    uint8_t usage, selector, type;
    size_t len;

    if (SSL_get0_dane_tlsa(ssl, &usage, &selector, &type, &data, &len) < 0)
        return false;
    buf_printf(out, "%d %d %d %s", usage, selector, type,
               len > tail ? "..." : "");
    hex_add(out, len > tail ? data + len - tail : data, len > tail ? tail : len,
            false);
    return true;
}

void block_dane(const struct view *v, struct buf *out)
{
    enum { TAIL = 12 };
    SSL *ssl = v->conn->ssl;
    EVP_PKEY *key = NULL;
    const int depth = SSL_get0_dane_authority(ssl, NULL, &key);
    struct buf text;

    buf_init(&text, TEXT_MAX);
    if (depth >= 0 && describe(ssl, TAIL, &text)) {
        buf_printf(out, "DANE TLSA %s", buf_string(&text));
        if (raw_key_of_server(ssl))
            buf_text(out, " matched the peer raw public key");
        else
            wording_dane(out, depth, key);
        buf_byte(out, '\n');
    }
    out->refused |= text.refused;
    buf_release(&text);
}

/* The same words whatever OpenSSL is linked: s_client's are not. */
static void add_match(const struct view *v, int depth, const EVP_PKEY *key,
                      struct buf *out)
{
    if (v->raw_key)
        buf_text(out, " matched raw public key");
    else
        buf_printf(out, " %s at depth %d",
                   key         ? "signed the certificate"
                   : depth > 0 ? "matched TA certificate"
                               : "matched EE certificate",
                   depth);
}

/* Nothing is compared when a session is resumed, nor without a certificate:
 * then it stays unknown. */
void dane_record(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    EVP_PKEY *key = NULL;
    struct buf text;
    int depth;

    if (!v->ask->dane_asked) {
        record_state(v->record, REC_dane, VALUE_NOT_ASKED);
        return;
    }
    if ((!v->leaf && !v->raw_key) || SSL_session_reused(ssl))
        return;
    buf_init(&text, TEXT_MAX);
    depth = SSL_get0_dane_authority(ssl, NULL, &key);
    if (depth >= 0 && describe(ssl, TEXT_MAX, &text)) {
        add_match(v, depth, key, &text);
        record_buf(v->record, REC_dane, &text);
    } else {
        record_state(v->record, REC_dane, VALUE_NONE);
    }
    buf_release(&text);
}

#include "inspect_room.h"
#include "tls/newer.h"

#include <openssl/err.h>

bool wanted(const struct inspect_ask *ask, enum field_id id)
{
    return !ask->wanted || ask->wanted[id];
}

/* After a good handshake the SSL knows the certificates, also those of a
 * session that was resumed; after a failed one only the conn does. */
static struct view view_of(const struct conn *c, const struct inspect_ask *ask,
                           struct record *r)
{
    struct view v = { .conn = c, .ask = ask, .record = r };

    if (c->ssl) {
        v.leaf = SSL_get0_peer_certificate(c->ssl);
        v.chain = SSL_get_peer_cert_chain(c->ssl);
        v.raw_key = raw_key_of_server(c->ssl);
    }
    if (!v.leaf)
        v.leaf = c->leaf;
    if (!v.chain)
        v.chain = c->chain;
    return v;
}

static void record_alert(const struct view *v)
{
    if (v->conn->alert[0])
        record_text(v->record, REC_tls_alert, v->conn->alert);
    else
        record_state(v->record, REC_tls_alert, VALUE_NONE);
}

/* What can be told however the handshake ended. */
static void record_common(const struct view *v)
{
    record_alert(v);
    chain_record(v);
    raw_key_record(v);
    verdict_record(v);
    dane_record(v);
    client_auth_record(v);
}

static void record_session(const struct view *v)
{
    session_record(v);
    secrets_record(v);
    answers_record(v);
    ct_record(v);
    keys_record(v);
    ocsp_record(v);
}

void inspect_connection(const struct conn *c, const struct inspect_ask *ask,
                        struct record *r)
{
    struct view v = view_of(c, ask, r);

    record_common(&v);
    record_session(&v);
    warnings_record(&v);
    ERR_clear_error();
}

void inspect_failure(const struct conn *c, const struct inspect_ask *ask,
                     struct record *r)
{
    struct view v = view_of(c, ask, r);

    record_common(&v);
    if (c->finished)
        record_session(&v);
    warnings_record(&v);
    ERR_clear_error();
}

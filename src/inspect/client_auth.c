/* client_auth -- what the server said about certificates of clients. */
#include "inspect_room.h"

static void record_names(const struct view *v)
{
    const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(v->conn->ssl);
    struct buf text;

    buf_init(&text, TEXT_MAX);
    for (int i = 0; i < sk_X509_NAME_num(names) && i < NAMES_MAX; i++) {
        tls_print_name(&text, sk_X509_NAME_value(names, i), 0, v->ask->nameopt);
        record_buf(v->record, REC_client_cas, &text);
    }
    buf_release(&text);
}

void client_auth_record(const struct view *v)
{
    SSL *ssl = v->conn->ssl;

    /* Before the ServerHello nothing is known. */
    if (!ssl || !SSL_get_current_cipher(ssl))
        return;
    record_number(v->record, REC_client_cert_requested,
                  tls_client_cert_asked(ssl));
    if (!wanted(v->ask, REC_client_cas))
        return;
    if (sk_X509_NAME_num(SSL_get0_peer_CA_list(ssl)) > 0)
        record_names(v);
    else
        record_state(v->record, REC_client_cas, VALUE_NONE);
}

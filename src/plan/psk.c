/* psk -- pre-shared keys (-psk, -psk_identity, -psk_session). */
#include "apply.h"

#include "base/mem.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

static const char default_identity[] = "Client_identity"; /* s_client's */

static bool decode_key(struct psk *psk, const char *hex, struct err *e)
{
    const char *name = option_rows[OPT_psk].name;
    long len;

    psk->key = OPENSSL_hexstr2buf(hex, &len);
    if (!psk->key)
        return tls_reason(e, ERR_USAGE, "the pre-shared key cannot be read");
    psk->len = (size_t)len;
    return psk->len <= PSK_MAX_PSK_LEN
           || err_set(e, ERR_USAGE,
                      "option '-%s': a key of %zu bytes is too long, OpenSSL "
                      "takes up to %d",
                      name, psk->len, PSK_MAX_PSK_LEN);
}

/* Any other session would end every handshake. */
static bool load_session(struct psk *psk, const struct option_set *set,
                         struct err *e)
{
    psk->session = session_said(set, OPT_psk_session, e);
    if (!psk->session)
        return false;
    if (SSL_SESSION_get_protocol_version(psk->session) == TLS1_3_VERSION)
        return true;
    return err_set(e, ERR_FILE,
                   "option '-%s': the session in '%s' is none of TLS 1.3",
                   option_rows[OPT_psk_session].name,
                   options_text(set, OPT_psk_session, ""));
}

bool psk_fill(struct plan *p, struct err *e)
{
    const char *hex = options_text(&p->words, OPT_psk, NULL);
    const char *file = options_text(&p->words, OPT_psk_session, NULL);
    struct psk *psk = &p->psk;

    if (!hex && !file)
        return true;
    psk->identity = options_text(&p->words, OPT_psk_identity, default_identity);
    p->settings.psk = psk;
    if (strlen(psk->identity) > PSK_MAX_IDENTITY_LEN)
        buf_printf(&p->warnings,
                   "option '-%s': only TLS 1.3 has room for an identity of "
                   "more than %d bytes\n",
                   option_rows[OPT_psk_identity].name, PSK_MAX_IDENTITY_LEN);
    return (!hex || decode_key(psk, hex, e))
           && (!file || load_session(psk, &p->words, e));
}

void psk_release(struct psk *psk)
{
    OPENSSL_clear_free(psk->key, psk->len);
    SSL_SESSION_free(psk->session);
    *psk = (struct psk){ 0 };
}

bool apply_psk(struct apply *a, const struct option_said *said, struct err *e)
{
    const bool has_key = options_has(a->set, OPT_psk);

    (void)said;
    (void)e;
    if (has_key || options_has(a->set, OPT_psk_session))
        psk_install(a->ssl, has_key);
    return true;
}

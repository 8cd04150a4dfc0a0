#include "look.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <openssl/ocsp.h>
#include <time.h>

enum { DAY = 24 * 60 * 60, MINUTE = 60 };

static struct identity root, leaf, other;

/* One stapled response. */
struct staple {
    const char *verdict;
    int status; /* V_OCSP_CERTSTATUS_* */
    long begin, end; /* from now; end 0: none */
    bool sha256; /* digest of the certificate's identifier */
    bool of_other; /* about another certificate */
    bool by_other; /* signed by another key */
    int response; /* OCSP_RESPONSE_STATUS_*, 0: successful */
    const char *junk; /* instead of all that */
};

static const struct staple staples[] = {
    { .verdict = "good", .begin = -DAY, .end = DAY },
    { .verdict = "good", .begin = -DAY, .end = DAY, .sha256 = true },
    { .verdict = "good", .begin = -DAY },
    { .verdict = "good", .begin = 2 * MINUTE, .end = DAY },
    { .verdict = "good", .begin = -DAY, .end = -2 * MINUTE },
    { .verdict = "revoked",
      .status = V_OCSP_CERTSTATUS_REVOKED,
      .begin = -DAY,
      .end = DAY },
    { .verdict = "unknown",
      .status = V_OCSP_CERTSTATUS_UNKNOWN,
      .begin = -DAY,
      .end = DAY },
    { .verdict = "expired", .begin = -2 * DAY, .end = -DAY },
    { .verdict = "invalid", .begin = DAY, .end = 2 * DAY },
    { .verdict = "invalid", .begin = -DAY, .end = DAY, .of_other = true },
    { .verdict = "invalid", .begin = -DAY, .end = DAY, .by_other = true },
    { .verdict = "invalid", .response = OCSP_RESPONSE_STATUS_TRYLATER },
    { .verdict = "invalid", .junk = "junk" },
};

static void make_identities(void)
{
    root = identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    leaf = identity_make(&(struct cert_spec){ .cn = "leaf", .serial = "02" },
                         &root);
    other = identity_make(&(struct cert_spec){ .cn = "other", .serial = "03" },
                          NULL);
}

static void drop_identities(void)
{
    identity_release(&root);
    identity_release(&leaf);
    identity_release(&other);
}

static OCSP_BASICRESP *make_basic(const struct staple *s)
{
    const struct identity *about = s->of_other ? &other : &leaf;
    const struct identity *by = s->by_other ? &other : &root;
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(s->sha256 ? EVP_sha256() : EVP_sha1(),
                                      about->cert, root.cert);
    ASN1_TIME *begin = X509_gmtime_adj(NULL, s->begin);
    ASN1_TIME *end = s->end ? X509_gmtime_adj(NULL, s->end) : NULL;

    cr_assert(
        OCSP_basic_add1_status(basic, id, s->status, 0, begin, begin, end));
    cr_assert(OCSP_basic_sign(basic, by->cert, by->key, EVP_sha256(), NULL, 0));
    OCSP_CERTID_free(id);
    ASN1_TIME_free(begin);
    ASN1_TIME_free(end);
    return basic;
}

static const struct staple *stapled; /* by the server of this process */

static int staple_it(SSL *ssl, void *arg)
{
    const struct staple *s = stapled;
    unsigned char *der = NULL;
    int len;

    (void)arg;
    if (s->junk) {
        der = OPENSSL_memdup(s->junk, 4);
        len = 4;
    } else {
        OCSP_BASICRESP *basic = s->response ? NULL : make_basic(s);
        OCSP_RESPONSE *response = OCSP_response_create(s->response, basic);

        len = i2d_OCSP_RESPONSE(response, &der);
        OCSP_RESPONSE_free(response);
        OCSP_BASICRESP_free(basic);
    }
    SSL_set_tlsext_status_ocsp_resp(ssl, der, len);
    return SSL_TLSEXT_ERR_OK;
}

static void setup_staple(SSL_CTX *ctx)
{
    SSL_CTX_set_tlsext_status_cb(ctx, staple_it);
}

static void ask_status(SSL *ssl)
{
    SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}

TestSuite(ocsp, .init = make_identities, .fini = drop_identities);

static const struct identity *trusted = &root; /* by the client */

/* What is said of a server that staples with "setup". */
static void expect_verdict(void (*setup)(SSL_CTX *), bool with_store,
                           const char *verdict)
{
    struct tls_peer p = { .identity = &leaf,
                          .trusts = trusted,
                          .setup = setup,
                          .setup_ssl = ask_status };
    struct inspect_ask ask = { .status_asked = true, .now = time(NULL) };
    struct record *r = record_new();

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    ask.store = with_store ? SSL_CTX_get_cert_store(p.ctx) : NULL;
    inspect_connection(&p.conn, &ask, r);
    if (verdict)
        expect_text(r, REC_ocsp, verdict);
    else
        expect_state(r, REC_ocsp, setup ? VALUE_UNKNOWN : VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
}

ParameterizedTestParameters(ocsp, a_staple_is_judged)
{
    static size_t rows[sizeof(staples) / sizeof(staples[0])];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(size_t *row, ocsp, a_staple_is_judged)
{
    stapled = &staples[*row];
    expect_verdict(setup_staple, true, stapled->verdict);
}

Test(ocsp, none_was_sent)
{
    expect_verdict(NULL, true, NULL);
}

Test(ocsp, without_trust_it_cannot_be_judged)
{
    stapled = &staples[0];
    expect_verdict(setup_staple, false, NULL);
}

Test(ocsp, of_a_server_that_nobody_vouches_for_it_cannot_be_judged)
{
    stapled = &staples[0];
    trusted = &other;
    expect_verdict(setup_staple, true, NULL);
}

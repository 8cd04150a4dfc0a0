/* ocsp -- the verdict on a stapled OCSP response, signature and dates checked
 * (RFC 6960). */
#include "inspect_room.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

enum { SKEW_S = 5 * 60 }; /* clocks may differ */

/* Who signed the leaf: from the chain that verified, else from what was sent
 * or what we trust. */
static X509 *issuer_in(STACK_OF(X509) * certs, X509 *leaf)
{
    for (int i = 0; i < sk_X509_num(certs); i++) {
        X509 *x = sk_X509_value(certs, i);

        if (X509_check_issued(x, leaf) == X509_V_OK)
            return x;
    }
    return NULL;
}

static X509 *find_issuer(const struct view *v)
{
    X509 *issuer = issuer_in(SSL_get0_verified_chain(v->conn->ssl), v->leaf);

    return issuer ? issuer : issuer_in(v->chain, v->leaf);
}

/* A responder hashes names as it likes, so ours is made with its digest. */
static bool is_about(OCSP_SINGLERESP *single, X509 *leaf, X509 *issuer)
{
    const OCSP_CERTID *theirs = OCSP_SINGLERESP_get0_id(single);
    OCSP_CERTID *id = (OCSP_CERTID *)(uintptr_t)theirs; /* getter lacks const */
    ASN1_OBJECT *digest;
    const EVP_MD *md;
    OCSP_CERTID *ours;
    bool same;

    OCSP_id_get0_info(NULL, &digest, NULL, NULL, id);
    md = EVP_get_digestbyobj(digest);
    ours = md ? OCSP_cert_to_id(md, leaf, issuer) : NULL;
    same = ours && OCSP_id_cmp(ours, theirs) == 0;
    OCSP_CERTID_free(ours);
    return same;
}

static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, X509 *leaf,
                                    X509 *issuer)
{
    for (int i = 0; i < OCSP_resp_count(basic); i++) {
        OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);

        if (is_about(single, leaf, issuer))
            return single;
    }
    return NULL;
}

static const char *judge_single(OCSP_SINGLERESP *single, int64_t now)
{
    ASN1_GENERALIZEDTIME *begin, *end;
    int64_t from, to;
    int status = OCSP_single_get0_status(single, NULL, NULL, &begin, &end);

    if (!time_seconds(begin, &from) || from > now + SKEW_S)
        return "invalid";
    /* Without an end newer words are to be had at any time: never expired. */
    if (end && !time_seconds(end, &to))
        return "invalid";
    if (end && to < now - SKEW_S)
        return "expired";
    return status == V_OCSP_CERTSTATUS_GOOD      ? "good"
           : status == V_OCSP_CERTSTATUS_REVOKED ? "revoked"
                                                 : "unknown";
}

/* Whether nothing led from the server's certificate to a trusted one: who
 * signed its staple is then as unknown as who signed the certificate. */
static bool lacks_trust(const struct conn *c)
{
    for (size_t i = 0; i < c->nverify_errors; i++)
        switch (c->verify_errors[i]) {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return true;
        default:
            break;
        }
    return false;
}

static const char *judge_basic(const struct view *v, OCSP_BASICRESP *basic)
{
    X509 *issuer = find_issuer(v);
    OCSP_SINGLERESP *single =
        issuer ? find_single(basic, v->leaf, issuer) : NULL;

    if (!issuer) /* not sent, and with -partial_chain not needed */
        return NULL;
    if (!single)
        return "invalid";
    if (OCSP_basic_verify(basic, v->chain, v->ask->store, 0) != 1)
        return lacks_trust(v->conn) ? NULL : "invalid";
    return judge_single(single, v->ask->now);
}

/* NULL: it cannot be judged. */
static const char *judge(const struct view *v, const unsigned char *der,
                         long len)
{
    const unsigned char *at = der;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, len);
    OCSP_BASICRESP *basic = NULL;
    const char *verdict = "invalid";

    if (response
        && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        basic = OCSP_response_get1_basic(response);
    if (basic)
        verdict = judge_basic(v, basic);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    return verdict;
}

static void record_verdict(struct record *r, const char *verdict)
{
    if (verdict)
        record_text(r, REC_ocsp, verdict);
    else
        add_warning(r, "the stapled OCSP response cannot be judged: no "
                       "trusted certificate vouches for who signed it");
}

void ocsp_record(const struct view *v)
{
    struct record *r = v->record;
    unsigned char *der = NULL;
    long len;

    if (!v->ask->status_asked) {
        record_state(r, REC_ocsp, VALUE_NOT_ASKED);
        return;
    }
    len = SSL_get_tlsext_status_ocsp_resp(v->conn->ssl, &der);
    if (!der || len <= 0)
        record_state(r, REC_ocsp, VALUE_NONE);
    else if (v->leaf && v->ask->store) /* else it cannot be judged */
        record_verdict(r, judge(v, der, len));
}

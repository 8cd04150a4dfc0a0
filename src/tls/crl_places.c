/* crl_places -- where a certificate says that revocation lists are
 * (RFC 5280, 4.2.1.13 and 4.2.1.15). */
#include "tls/revocation.h"

#include "base/text.h"

#include <openssl/x509v3.h>
#include <strings.h>

enum { PLACE_MAX = 4096 }; /* bytes looked at of one */

static const char scheme[] = "http://";

static bool is_http(const ASN1_STRING *uri)
{
    const size_t len = sizeof(scheme) - 1;

    return (size_t)ASN1_STRING_length(uri) > len
           && strncasecmp((const char *)ASN1_STRING_get0_data(uri), scheme, len)
                  == 0;
}

static void add_place(struct buf *out, const ASN1_STRING *uri)
{
    const int len = ASN1_STRING_length(uri);

    text_encode(out, ASN1_STRING_get0_data(uri),
                (size_t)(len < PLACE_MAX ? len : PLACE_MAX), TEXT_LINE);
    buf_byte(out, '\n');
}

/* The nth address there is, in all distribution points; NULL after the last. */
static const ASN1_STRING *nth_uri(CRL_DIST_POINTS *points, int nth)
{
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *name = sk_DIST_POINT_value(points, i)->distpoint;
        const int full = 0; /* not relative to the issuer's name */

        if (!name || name->type != full)
            continue;
        for (int k = 0; k < sk_GENERAL_NAME_num(name->name.fullname); k++) {
            const GENERAL_NAME *one =
                sk_GENERAL_NAME_value(name->name.fullname, k);

            if (one->type == GEN_URI && nth-- == 0)
                return one->d.uniformResourceIdentifier;
        }
    }
    return NULL;
}

void tls_crl_places(const X509 *cert, bool delta, struct buf *out)
{
    CRL_DIST_POINTS *points = X509_get_ext_d2i(
        cert, delta ? NID_freshest_crl : NID_crl_distribution_points, NULL,
        NULL);
    const ASN1_STRING *uri;
    int told = 0;

    for (int n = 0; told < CRL_PLACES_MAX && (uri = nth_uri(points, n)) != NULL;
         n++)
        if (is_http(uri)) {
            add_place(out, uri);
            told++;
        }
    uri = told == 0 ? nth_uri(points, 0) : NULL;
    if (uri)
        add_place(out, uri);
    CRL_DIST_POINTS_free(points);
}

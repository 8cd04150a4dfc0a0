/* names -- the alternative names of a certificate.
 *
 * Each is bytes and a length (CVE-2009-2417 is what a NUL can do), and each
 * carries its type, so that a URI cannot pass for a DNS name. */
#include "inspect_room.h"

#include <openssl/x509v3.h>

static void add_string(struct buf *out, const char *type,
                       const ASN1_STRING *string)
{
    int len = ASN1_STRING_length(string);

    buf_text(out, type);
    if (len > 0)
        buf_add(out, ASN1_STRING_get0_data(string), (size_t)len);
}

static void add_address(struct buf *out, const ASN1_OCTET_STRING *address)
{
    int len = ASN1_STRING_length(address);

    buf_text(out, "IP:");
    tls_print_address(out, ASN1_STRING_get0_data(address),
                      len > 0 ? (size_t)len : 0);
}

static void add_object(struct buf *out, const char *type,
                       const ASN1_OBJECT *object)
{
    char text[80];

    OBJ_obj2txt(text, sizeof(text), object, 1);
    buf_printf(out, "%s%s", type, text);
}

static void add_name(struct buf *out, const GENERAL_NAME *name,
                     unsigned long nameopt)
{
    switch (name->type) {
    case GEN_DNS:
        add_string(out, "DNS:", name->d.dNSName);
        break;
    case GEN_EMAIL:
        add_string(out, "email:", name->d.rfc822Name);
        break;
    case GEN_URI:
        add_string(out, "URI:", name->d.uniformResourceIdentifier);
        break;
    case GEN_IPADD:
        add_address(out, name->d.iPAddress);
        break;
    case GEN_DIRNAME:
        buf_text(out, "dirName:");
        tls_print_name(out, name->d.directoryName, 0, nameopt);
        break;
    case GEN_RID:
        add_object(out, "RID:", name->d.registeredID);
        break;
    case GEN_OTHERNAME:
        add_object(out, "othername:", name->d.otherName->type_id);
        break;
    default: /* X.400 and EDI: nobody reads them, but they are there */
        buf_printf(out, "type %d", name->type);
        break;
    }
}

static void add_names(const struct sink *s, const GENERAL_NAMES *names,
                      unsigned long nameopt)
{
    int count = sk_GENERAL_NAME_num(names);
    struct buf text;

    if (count > NAMES_MAX && !s->cert)
        add_warning(s->record,
                    "only the first %d of %d alternative names are listed",
                    (int)NAMES_MAX, count);
    buf_init(&text, TEXT_MAX);
    for (int i = 0; i < count && i < NAMES_MAX; i++) {
        add_name(&text, sk_GENERAL_NAME_value(names, i), nameopt);
        sink_buf(s, CERT_san, &text);
    }
    buf_release(&text);
}

void names_describe(const struct sink *s, X509 *x, unsigned long nameopt)
{
    int critical; /* -1: there is no such extension */
    GENERAL_NAMES *names =
        X509_get_ext_d2i(x, NID_subject_alt_name, &critical, NULL);

    if (names && sk_GENERAL_NAME_num(names) > 0)
        add_names(s, names, nameopt);
    else if (names || critical == -1)
        sink_none(s, CERT_san);
    else if (!s->cert)
        add_warning(s->record,
                    "the alternative names of the leaf cannot be read");
    GENERAL_NAMES_free(names);
}

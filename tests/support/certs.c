#include "certs.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static EVP_PKEY *make_key(const char *kind)
{
    EVP_PKEY *key = NULL;

    if (!kind || strcmp(kind, "EC") == 0)
        key = EVP_EC_gen("P-256");
    else if (strncmp(kind, "RSA", 3) == 0)
        key = EVP_RSA_gen((unsigned)strtoul(kind + 3, NULL, 10));
    else if (strcmp(kind, "ED25519") == 0)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    cr_assert(key, "a key of kind %s", kind ? kind : "EC");
    return key;
}

static void set_date(ASN1_TIME *date, const char *text, long offset)
{
    if (text)
        /* not ASN1_TIME_set_string(), which would refuse odd dates */
        cr_assert(ASN1_STRING_set(date, text, -1));
    else
        cr_assert(X509_gmtime_adj(date, offset));
    if (text)
        date->type =
            strlen(text) == 13 ? V_ASN1_UTCTIME : V_ASN1_GENERALIZEDTIME;
}

static void set_subject(X509 *cert, const struct cert_spec *spec)
{
    X509_NAME *name = X509_NAME_new();

    cr_assert(name);
    if (spec->cn) {
        size_t len = spec->cn_len ? spec->cn_len : strlen(spec->cn);

        cr_assert(X509_NAME_add_entry_by_NID(
            name, NID_commonName, V_ASN1_UTF8STRING,
            (const unsigned char *)spec->cn, (int)len, -1, 0));
    }
    cr_assert(X509_set_subject_name(cert, name));
    X509_NAME_free(name);
}

static GENERAL_NAME *make_name(const struct cert_name *spec)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    const char *text = spec->data;
    size_t len = spec->len ? spec->len : strlen(text);

    if (spec->type == GEN_DIRNAME) {
        X509_NAME *subject = X509_NAME_new();

        cr_assert(X509_NAME_add_entry_by_NID(
            subject, NID_commonName, V_ASN1_UTF8STRING,
            (const unsigned char *)text, (int)len, -1, 0));
        GENERAL_NAME_set0_value(name, GEN_DIRNAME, subject);
    } else if (spec->type == GEN_RID) {
        GENERAL_NAME_set0_value(name, GEN_RID, OBJ_txt2obj(text, 1));
    } else {
        ASN1_STRING *string = ASN1_STRING_type_new(
            spec->type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);

        cr_assert(ASN1_STRING_set(string, text, (int)len));
        GENERAL_NAME_set0_value(name, spec->type, string);
    }
    return name;
}

static void set_names(X509 *cert, const struct cert_spec *spec)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();

    for (size_t i = 0; i < spec->nnames; i++)
        sk_GENERAL_NAME_push(names, make_name(&spec->names[i]));
    if (spec->nnames > 0)
        cr_assert(X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0));
    GENERAL_NAMES_free(names);
}

static void set_ca(X509 *cert)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();

    constraints->ca = 0xff;
    cr_assert(
        X509_add1_ext_i2d(cert, NID_basic_constraints, constraints, 1, 0));
    BASIC_CONSTRAINTS_free(constraints);
}

static void set_serial(X509 *cert, const char *hex)
{
    BIGNUM *number = NULL;

    cr_assert(BN_hex2bn(&number, hex ? hex : "01"));
    cr_assert(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)));
    BN_free(number);
}

struct identity identity_make(const struct cert_spec *spec,
                              const struct identity *issuer)
{
    struct identity id = { .cert = X509_new(), .key = make_key(spec->key) };
    const struct identity *by = issuer ? issuer : &id;
    const char *digest = spec->digest ? spec->digest : "SHA256";

    cr_assert(X509_set_version(id.cert, X509_VERSION_3));
    set_serial(id.cert, spec->serial);
    set_date(X509_getm_notBefore(id.cert), spec->not_before, -3600);
    set_date(X509_getm_notAfter(id.cert), spec->not_after, 90 * 24 * 3600L);
    set_subject(id.cert, spec);
    cr_assert(X509_set_issuer_name(id.cert, X509_get_subject_name(by->cert)));
    cr_assert(X509_set_pubkey(id.cert, id.key));
    set_names(id.cert, spec);
    if (spec->ca)
        set_ca(id.cert);
    cr_assert(X509_sign(id.cert, by->key,
                        EVP_PKEY_is_a(by->key, "ED25519")
                            ? NULL
                            : EVP_get_digestbyname(digest)));
    return id;
}

void identity_release(struct identity *id)
{
    X509_free(id->cert);
    EVP_PKEY_free(id->key);
    *id = (struct identity){ .cert = NULL };
}

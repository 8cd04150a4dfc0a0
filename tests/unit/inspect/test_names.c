#include "look.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static struct record *look_at_names(const struct cert_name *names, size_t n)
{
    struct identity id = identity_make(
        &(struct cert_spec){ .cn = "a", .names = names, .nnames = n }, NULL);
    struct record *r = look_at_cert(id.cert, NULL);

    identity_release(&id);
    return r;
}

Test(names, each_has_its_type)
{
    static const unsigned char v4[] = { 192, 0, 2, 1 };
    static const unsigned char v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
    const struct cert_name names[] = {
        { GEN_DNS, "a.example", 0 },   { GEN_DNS, "*.b.example", 0 },
        { GEN_EMAIL, "a@example", 0 }, { GEN_URI, "https://a/", 0 },
        { GEN_IPADD, v4, sizeof(v4) }, { GEN_IPADD, v6, sizeof(v6) },
        { GEN_DIRNAME, "dir", 0 },     { GEN_RID, "1.2.3.4", 0 },
    };
    static const char *const expected[] = {
        "DNS:a.example",    "DNS:*.b.example", "email:a@example",
        "URI:https://a/",   "IP:192.0.2.1",    "IP:2001:db8::1",
        "dirName:CN = dir", "RID:1.2.3.4",
    };
    struct record *r = look_at_names(names, 8);

    cr_assert_eq(r->values[REC_san].nitems, 8);
    for (size_t i = 0; i < 8; i++)
        expect_item(r, REC_san, i, expected[i], strlen(expected[i]));
    record_free(r);
}

Test(names, a_nul_does_not_end_a_name)
{
    static const char evil[] = "good.example\0.evil.example";
    static const char shown[] = "DNS:good.example\0.evil.example";
    const struct cert_name name = { GEN_DNS, evil, sizeof(evil) - 1 };
    struct record *r = look_at_names(&name, 1);

    expect_item(r, REC_san, 0, shown, sizeof(shown) - 1);
    record_free(r);
}

Test(names, hostile_bytes_are_kept_as_received)
{
    static const char shown[] = "DNS:\033]0;x\007\n=cmd";
    const struct cert_name name = { GEN_DNS, shown + 4, 0 };
    struct record *r = look_at_names(&name, 1);

    expect_item(r, REC_san, 0, shown, sizeof(shown) - 1);
    record_free(r);
}

Test(names, an_address_of_odd_length_is_shown_as_bytes)
{
    const struct cert_name name = { GEN_IPADD, "\xc0\x00\x02", 3 };
    struct record *r = look_at_names(&name, 1);

    expect_item(r, REC_san, 0, "IP:C00002", 9);
    record_free(r);
}

Test(names, none_is_not_unknown)
{
    struct record *r = look_at_names(NULL, 0);

    expect_state(r, REC_san, VALUE_NONE);
    record_free(r);
}

Test(names, a_huge_list_is_cut_and_that_is_told)
{
    static struct cert_name names[1200];
    static const char warning[] =
        "only the first 1000 of 1200 alternative names are listed";

    for (size_t i = 0; i < 1200; i++)
        names[i] = (struct cert_name){ GEN_DNS, "a", 0 };
    struct record *r = look_at_names(names, 1200);

    cr_expect_eq(r->values[REC_san].nitems, 1000);
    expect_item(r, REC_warnings, 0, warning, sizeof(warning) - 1);
    record_free(r);
}

Test(names, a_broken_extension_is_unknown_and_told)
{
    static const char warning[] =
        "the alternative names of the leaf cannot be read";
    struct identity id = identity_make(&(struct cert_spec){ .cn = "a" }, NULL);
    ASN1_OCTET_STRING *junk = ASN1_OCTET_STRING_new();

    cr_assert(ASN1_OCTET_STRING_set(junk, (const unsigned char *)"junk", 4));
    X509_EXTENSION *extension =
        X509_EXTENSION_create_by_NID(NULL, NID_subject_alt_name, 0, junk);

    cr_assert(X509_add_ext(id.cert, extension, -1));
    struct record *r = look_at_cert(id.cert, NULL);

    expect_state(r, REC_san, VALUE_UNKNOWN);
    expect_item(r, REC_warnings, 0, warning, sizeof(warning) - 1);
    record_free(r);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(junk);
    identity_release(&id);
}

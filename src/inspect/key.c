/* key -- names of keys, groups and signatures. */
#include "inspect_room.h"

#include <stdio.h>

const char *key_type(EVP_PKEY *key)
{
    return EVP_PKEY_get0_type_name(key);
}

void key_group(EVP_PKEY *key, char *text, size_t room)
{
    const char *type = key_type(key);
    size_t len;

    if (EVP_PKEY_get_group_name(key, text, room, &len))
        return;
    /* X25519 and its like are groups by themselves. */
    if (EVP_PKEY_is_a(key, "DH") || EVP_PKEY_is_a(key, "RSA"))
        snprintf(text, room, "%s %d", type, EVP_PKEY_get_bits(key));
    else
        snprintf(text, room, "%s", type ? type : "?");
}

const char *signature_type(int nid)
{
    switch (nid) {
    case EVP_PKEY_RSA:
        return "RSA";
    case EVP_PKEY_RSA_PSS:
        return "RSA-PSS";
    case EVP_PKEY_DSA:
        return "DSA";
    case EVP_PKEY_EC:
        return "ECDSA";
    case NID_ED25519:
        return "ed25519";
    case NID_ED448:
        return "ed448";
    case NID_id_GostR3410_2001:
        return "gost2001";
    case NID_id_GostR3410_2012_256:
        return "gost2012_256";
    case NID_id_GostR3410_2012_512:
        return "gost2012_512";
    default:
        return NULL;
    }
}

/* nameopt -- how distinguished names are printed (-nameopt). */
#include "apply.h"

#include <string.h>
#include <strings.h>

/* The names of openssl-namedisplay-options(1).  "group" is what a name takes
 * the place of. */
/* clang-format off */
static const struct {
    const char *name;
    unsigned long flag, group;
} styles[] = {
    { "esc_2253", ASN1_STRFLGS_ESC_2253, 0 },
    { "esc_2254", ASN1_STRFLGS_ESC_2254, 0 },
    { "esc_ctrl", ASN1_STRFLGS_ESC_CTRL, 0 },
    { "esc_msb", ASN1_STRFLGS_ESC_MSB, 0 },
    { "use_quote", ASN1_STRFLGS_ESC_QUOTE, 0 },
    { "utf8", ASN1_STRFLGS_UTF8_CONVERT, 0 },
    { "ignore_type", ASN1_STRFLGS_IGNORE_TYPE, 0 },
    { "show_type", ASN1_STRFLGS_SHOW_TYPE, 0 },
    { "dump_all", ASN1_STRFLGS_DUMP_ALL, 0 },
    { "dump_nostr", ASN1_STRFLGS_DUMP_UNKNOWN, 0 },
    { "dump_der", ASN1_STRFLGS_DUMP_DER, 0 },
    { "dump_unknown", XN_FLAG_DUMP_UNKNOWN_FIELDS, 0 },
    { "space_eq", XN_FLAG_SPC_EQ, 0 },
    { "dn_rev", XN_FLAG_DN_REV, 0 },
    { "align", XN_FLAG_FN_ALIGN, 0 },
    { "sep_comma_plus", XN_FLAG_SEP_COMMA_PLUS, XN_FLAG_SEP_MASK },
    { "sep_comma_plus_space", XN_FLAG_SEP_CPLUS_SPC, XN_FLAG_SEP_MASK },
    { "sep_semi_plus_space", XN_FLAG_SEP_SPLUS_SPC, XN_FLAG_SEP_MASK },
    { "sep_multiline", XN_FLAG_SEP_MULTILINE, XN_FLAG_SEP_MASK },
    { "nofname", XN_FLAG_FN_NONE, XN_FLAG_FN_MASK },
    { "sname", XN_FLAG_FN_SN, XN_FLAG_FN_MASK },
    { "lname", XN_FLAG_FN_LN, XN_FLAG_FN_MASK },
    { "oid", XN_FLAG_FN_OID, XN_FLAG_FN_MASK },
    { "compat", XN_FLAG_COMPAT, 0xffffffff },
    { "RFC2253", XN_FLAG_RFC2253, 0xffffffff },
    { "oneline", XN_FLAG_ONELINE, 0xffffffff },
    { "multiline", XN_FLAG_MULTILINE, 0xffffffff },
    { "ca_default", XN_FLAG_MULTILINE, 0xffffffff },
};
/* clang-format on */

/* One item: a name, with '-' before it to take its flags away. */
static bool add_style(unsigned long *flags, const char *item, size_t len)
{
    const bool off = len > 0 && *item == '-';

    if (off || (len > 0 && *item == '+')) {
        item++;
        len--;
    }
    for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
        if (strlen(styles[i].name) != len
            || strncasecmp(styles[i].name, item, len) != 0)
            continue;
        *flags &= ~(styles[i].group | (off ? styles[i].flag : 0));
        *flags |= off ? 0 : styles[i].flag;
        return true;
    }
    return false;
}

/* As s_client: several add up, and a style without separators gets ", ". */
bool apply_nameopt(struct apply *a, const struct option_said *said,
                   struct err *e)
{
    unsigned long *flags = &a->settings->verify.nameopt;
    const char *p = said->text;

    while (*p) {
        size_t len;

        p += strspn(p, ", ");
        len = strcspn(p, ", ");
        if (len > 0 && !add_style(flags, p, len))
            return err_set(e, ERR_USAGE,
                           "option '-%s': no name style '%.*s'; see "
                           "openssl-namedisplay-options(1)",
                           a->row->name, (int)(len < 40 ? len : 40), p);
        p += len;
    }
    if (*flags != XN_FLAG_COMPAT && !(*flags & XN_FLAG_SEP_MASK))
        *flags |= XN_FLAG_SEP_CPLUS_SPC;
    return true;
}

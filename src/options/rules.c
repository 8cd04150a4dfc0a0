/* rules -- which options exclude or need each other, as rows. */
#include "room.h"

#include <string.h>

/* clang-format off */
#define EACH_VERSION \
    [OPT_ssl3] = 1, [OPT_tls1] = 2, [OPT_tls1_1] = 3, [OPT_tls1_2] = 4, \
    [OPT_tls1_3] = 5, [OPT_dtls] = 6, [OPT_dtls1] = 7, [OPT_dtls1_2] = 8, \
    [OPT_quic] = 9
#define ANY_DTLS(side) \
    [OPT_dtls] = (side), [OPT_dtls1] = (side), [OPT_dtls1_2] = (side)
#define ANY_VERSION(side) \
    [OPT_ssl3] = (side), [OPT_tls1] = (side), [OPT_tls1_1] = (side), \
    [OPT_tls1_2] = (side), [OPT_tls1_3] = (side), ANY_DTLS(side)

const struct option_rule option_rules[OPTION_RULES] = {
    { RULE_CONFLICT, "leave both out to allow either family",
      { [OPT_4] = 1, [OPT_6] = 2 } },
    { RULE_CONFLICT, "a server name is sent or it is not",
      { [OPT_servername] = 1, [OPT_noservername] = 2 } },
    { RULE_CONFLICT, "DANE needs a server name",
      { [OPT_dane_tlsa_domain] = 1, [OPT_noservername] = 2 } },
    { RULE_CONFLICT, "TLS 1.3 has no next protocol negotiation; use -alpn",
      { [OPT_nextprotoneg] = 1, [OPT_tls1_3] = 2 } },
    { RULE_CONFLICT, "for a range use -min_protocol and -max_protocol",
      { EACH_VERSION } },
    { RULE_CONFLICT, "one version is wanted already",
      { ANY_VERSION(1), [OPT_quic] = 1, [OPT_no_ssl3] = 2, [OPT_no_tls1] = 2,
        [OPT_no_tls1_1] = 2, [OPT_no_tls1_2] = 2, [OPT_no_tls1_3] = 2 } },
    { RULE_CONFLICT, "a target is a socket or a host",
      { [OPT_unix] = 1, [OPT_connect] = 2, [OPT_host] = 2, [OPT_port] = 2,
        [OPT_4] = 2, [OPT_6] = 2, [OPT_bind] = 2, [OPT_proxy] = 2 } },
    { RULE_CONFLICT, "a Unix socket carries no datagrams here",
      { [OPT_unix] = 1, [OPT_quic] = 2, ANY_DTLS(2) } },
    { RULE_CONFLICT, "a proxy carries TCP only",
      { [OPT_proxy] = 1, [OPT_quic] = 2, ANY_DTLS(2) } },
    { RULE_CONFLICT, "STARTTLS is spoken over TCP",
      { [OPT_starttls] = 1, [OPT_quic] = 2, ANY_DTLS(2) } },
    { RULE_CONFLICT, "fast open is for TCP",
      { [OPT_tfo] = 1, [OPT_quic] = 2, ANY_DTLS(2) } },
    { RULE_CONFLICT, "it is a session or a scan",
      { [OPT_interactive] = 1, [OPT_batch] = 2, [OPT_targets] = 2,
        [OPT_dry_run] = 2 } },
    { RULE_LAST, NULL, { [OPT_ct] = 1, [OPT_noct] = 2 } },
    { RULE_LAST, NULL, { [OPT_msg] = 1, [OPT_trace] = 2 } },
    { RULE_LAST, NULL,
      { [OPT_security_debug] = 1, [OPT_security_debug_verbose] = 2 } },
    { RULE_LAST, NULL, { [OPT_ign_eof] = 1, [OPT_no_ign_eof] = 2 } },
    /* An -xkey belongs to the -xcert before it, a path to the provider after
     * it: half a list of an earlier level would pair with the wrong words. */
    { RULE_TOGETHER, NULL,
      { [OPT_xcert] = 1, [OPT_xkey] = 1, [OPT_xchain] = 1,
        [OPT_xchain_build] = 1, [OPT_xcertform] = 1, [OPT_xkeyform] = 1 } },
    { RULE_TOGETHER, NULL,
      { [OPT_provider] = 1, [OPT_provider_path] = 1, [OPT_provparam] = 1 } },
};

/* An option (with this value, if one is given) needs one of the others. */
static const struct need {
    enum option_id id;
    const char *value;
    enum option_id needs[4];
    size_t count;
} needs[] = {
    { OPT_proxy_pass, NULL, { OPT_proxy_user }, 1 },
    { OPT_dane_tlsa_domain, NULL, { OPT_dane_tlsa_rrdata }, 1 },
    { OPT_dane_tlsa_rrdata, NULL, { OPT_dane_tlsa_domain }, 1 },
    { OPT_sctp, NULL, { OPT_dtls, OPT_dtls1, OPT_dtls1_2 }, 3 },
    { OPT_keyform, "ENGINE", { OPT_engine }, 1 },
    { OPT_quic, NULL, { OPT_alpn }, 1 },
};
/* clang-format on */

/* The words of one level as far as one rule looks at them. */
struct sides {
    enum option_id said[SIDES_MAX]; /* OPTIONS_COUNT: this side is empty */
};

/* A word already seen that excludes id, or OPTIONS_COUNT. */
static enum option_id other_side(const struct sides *seen, unsigned char side)
{
    for (unsigned char i = 1; i < SIDES_MAX; i++)
        if (i != side && seen->said[i] != OPTIONS_COUNT)
            return seen->said[i];
    return OPTIONS_COUNT;
}

static bool check_rule(const struct option_rule *rule,
                       const struct option_set *set, enum option_level level,
                       struct err *e)
{
    struct sides seen;

    for (size_t i = 0; i < SIDES_MAX; i++)
        seen.said[i] = OPTIONS_COUNT;
    for (size_t i = 0; i < set->count; i++) {
        const struct option_said *said = &set->said[i];
        unsigned char side = rule->side[said->id];
        enum option_id other;

        if (side == 0 || said->off || said->level != level)
            continue;
        other = other_side(&seen, side);
        if (other != OPTIONS_COUNT)
            return err_set(e, ERR_USAGE, "-%s and -%s exclude each other: %s",
                           option_rows[other].name, option_rows[said->id].name,
                           rule->advice);
        seen.said[side] = said->id;
    }
    return true;
}

bool options_check_conflicts(const struct option_set *set, struct err *e)
{
    for (size_t i = 0; i < OPTION_RULES; i++) {
        if (option_rules[i].mode != RULE_CONFLICT)
            continue;
        for (enum option_level at = LEVEL_DEFAULTS; at <= LEVEL_TARGET; at++)
            if (!check_rule(&option_rules[i], set, at, e))
                return false;
    }
    return true;
}

static bool is_met(const struct need *need, const struct option_set *set)
{
    const struct option_said *said = options_last(set, need->id);

    if (!said || (need->value && strcmp(need->value, said->text) != 0))
        return true;
    for (size_t i = 0; i < need->count; i++)
        if (options_has(set, need->needs[i]))
            return true;
    return false;
}

bool options_check(const struct option_set *set, struct err *e)
{
    if (!options_check_conflicts(set, e))
        return false;
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
        if (!is_met(&needs[i], set))
            return err_set(e, ERR_USAGE, "-%s%s%s needs -%s",
                           option_rows[needs[i].id].name,
                           needs[i].value ? " " : "",
                           needs[i].value ? needs[i].value : "",
                           option_rows[needs[i].needs[0]].name);
    return true;
}

bool options_missing(const struct option_row *row, struct err *e)
{
    if (option_needs_version(row->needs))
        return err_set(e, ERR_UNSUPPORTED,
                       "-%s needs %s or newer, and this one is older",
                       row->name, option_needs_phrase(row->needs));
    return err_set(e, ERR_UNSUPPORTED, "-%s: this OpenSSL was built without %s",
                   row->name, option_needs_phrase(row->needs));
}

bool options_check_supported(const struct option_set *set, option_have_fn *have,
                             struct err *e)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct option_row *row = &option_rows[set->said[i].id];

        if (set->said[i].off)
            continue;
        if (strcmp(row->handler, "refused") == 0)
            return err_set(
                e, ERR_UNSUPPORTED,
                "-%s is for servers: OpenSSL's client refuses it too",
                row->name);
        if (!have(row->needs))
            return options_missing(row, e);
    }
    return true;
}

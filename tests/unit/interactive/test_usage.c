#include "../../../src/interactive/interactive_room.h"

#include <criterion/criterion.h>

#include <openssl/opensslv.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 8 };
#define HINT "s_client: Use -help for summary.\n"
#if OPENSSL_VERSION_NUMBER < 0x30500000L
#    define FORMS     "must be pem or der"
#    define KEY_FORMS "must be one of:\n   PEM/DER\n   engine"
#else
#    define FORMS     "must be one of:  pem der"
#    define KEY_FORMS "must be one of:  pem der engine"
#endif

/* Words, and what s_client prints of them; "good": and then goes on. */
static const struct row {
    const char *words[WORDS_MAX];
    const char *lines;
    bool good;
} rows[] = {
    { { "-connect", "a:1" }, "", true },
    { { "--connect=a:1", "--", "-x" },
      "s_client: cannot provide both -connect "
      "option and target parameter\n" HINT,
      false },
    /* values */
    { { "-chiper", "x" }, "s_client: Unknown option: -chiper\n" HINT, false },
    { { "--x-y=1" }, "s_client: Unknown option: -x-y\n" HINT, false },
    { { "-" }, "s_client: Unknown option: -\n" HINT, false },
    { { "-brief=1" },
      "s_client: Option -brief does not take a value\n" HINT,
      false },
    { { "-CAfile" }, "s_client: Option -CAfile needs a value\n" HINT, false },
    { { "-port", "abc" },
      "s_client: Can't parse \"abc\" as a number\n" HINT,
      false },
    { { "-port", "0x" },
      "s_client: Can't parse \"0x\" as a hexadecimal number\n" HINT,
      false },
    { { "-port", "09" },
      "s_client: Can't parse \"09\" as an octal number\n" HINT,
      false },
    { { "-port=" }, "s_client: Can't parse \"\" as a number\n" HINT, false },
    { { "-port", "99999999999" },
      "s_client: Value \"99999999999\" outside integer range\n" HINT,
      false },
    { { "-port", "99999999999999999999" },
      "s_client: Can't parse \"99999999999999999999\" as a number\n" HINT,
      false },
    { { "-port", "0" },
      "s_client: Non-positive number \"0\" for option -port\n" HINT,
      false },
    { { "-port", "0x50" }, "", true },
    { { "-verify_depth", "-1" }, "", true },
    { { "-attime", "9x" },
      "s_client: Can't parse \"9x\" as a number\n" HINT,
      false },
    { { "-CApath", "/nowhere" },
      "s_client: Not a directory: /nowhere\n" HINT,
      false },
    { { "-provider-path", "/nowhere" }, "", true },
    { { "-certform", "P12" },
      "s_client: Bad format \"P12\"; " FORMS "\n"
      "s_client: Invalid format \"P12\" for option -certform\n" HINT,
      false },
    { { "-keyform", "P12" },
      "s_client: Bad format \"P12\"; " KEY_FORMS "\n"
      "s_client: Invalid format \"P12\" for option -keyform\n" HINT,
      false },
    { { "-keyform", "X" },
      "s_client: Bad format \"X\"\n"
      "s_client: Invalid format \"X\" for option -keyform\n" HINT,
      false },
    { { "-keyform", "" },
      "s_client: Bad format \"\"\n"
      "s_client: Invalid format \"\" for option -keyform\n" HINT,
      false },
    { { "-keyform", "engine", "-certform", "d" }, "", true },
    /* single options */
    { { "-verify", "3" }, "verify depth is 3\n", true },
    { { "-quiet", "-verify", "3" }, "", true },
    { { "-srp_strength", "5" }, "SRP minimal length for N is 5\n", true },
    { { "-psk", "zz" }, "Not a hex number 'zz'\n", false },
    { { "-maxfraglen", "5" },
      "s_client: Max Fragment Len 5 is out of permitted values" HINT,
      false },
    { { "-starttls", "imaps" },
      "s_client: Value must be one of:\n\tsmtp\n\tpop3\n\timap\n\tftp\n\txmpp\n"
      "\txmpp-server\n\ttelnet\n\tirc\n\tmysql\n\tpostgres\n\tlmtp\n\tnntp\n"
      "\tsieve\n\tldap\n",
      false },
    { { "-xkey", "a", "-xkey", "b" },
      "s_client: Key already specified\n",
      false },
    { { "-xcert", "a", "-xchain", "b", "-xcert", "c", "-xchain", "d" },
      "",
      true },
    { { "-xchain", "b", "-xchain", "d" },
      "s_client: Chain already specified\n",
      false },
    /* together */
    { { "-unix", "x", "-4" },
      "s_client: Intermixed protocol flags (unix and internet domains)\n",
      false },
    { { "-port", "1", "-unix", "x" },
      "s_client: Intermixed protocol flags (internet and unix domains)\n",
      false },
    { { "-tls1_2", "-tls1_2" },
      "Cannot supply multiple protocol flags\n",
      false },
    { { "-no_tls1", "-tls1_2" },
      "Cannot supply both a protocol flag and '-no_<prot>'\n",
      false },
    { { "a", "b" }, HINT, false },
    { { "-4", "-4" }, "s_client: Can't use both -4 and -6\n" HINT, false },
    { { "-noservername", "-servername", "x" },
      "s_client: Can't use -servername and -noservername together\n" HINT,
      false },
    { { "-noservername", "-dane_tlsa_domain", "x" },
      "s_client: Can't use -dane_tlsa_domain and -noservername "
      "together\n" HINT,
      false },
    { { "-nextprotoneg", "h2", "-tls1_3" },
      "Cannot supply -nextprotoneg with TLSv1.3\n" HINT,
      false },
    { { "-connect", "a:b:c" },
      "s_client: -connect argument or target parameter malformed or "
      "ambiguous\n",
      false },
    { { "-connect", "a", "-proxy", "a:b:c" },
      "s_client: -proxy argument malformed or ambiguous\n",
      false },
    { { "-bind", "[::1" },
      "s_client: -bind argument parameter malformed or ambiguous\n",
      false },
    { { "-proxy", "a:1" },
      "s_client: -proxy requires use of -connect or target parameter\n" HINT,
      false },
    { { "-proxy", "a:1", "b" }, "", true },
    { { "-unix", "x", "-dtls" },
      "Can't use unix sockets and datagrams together\n",
      false },
    { { "-nextprotoneg", ",," },
      "Error parsing -nextprotoneg argument\n",
      false },
    { { "-alpn", "" }, "Error parsing -alpn argument\n", false },
    { { "-alpn", ",h2" }, "", true },
    { { "-pass", "x" },
      "Invalid password argument, missing ':' within the first 5 chars\n"
      "Error getting private key password\n",
      false },
    { { "-pass", "foo:x" },
      "Invalid password argument, starting with \"foo:\"\n"
      "Error getting private key password\n",
      false },
    { { "-proxy_pass", "env:NO_SUCH_NAME_HERE" },
      "No environment variable NO_SUCH_NAME_HERE\n"
      "Error getting proxy password\n",
      false },
    { { "-srppass", "file:/nowhere" },
      "Can't open file /nowhere\nError getting password\n",
      false },
    { { "-proxy_pass", "pass:x" },
      "Error: Must specify proxy_user with proxy_pass\n",
      false },
    { { "-max_send_frag", "100" },
      "s_client: Max send fragment size 100 is out of permitted range\n",
      false },
    { { "-max_pipelines", "33" },
      "s_client: Max pipelines 33 is out of permitted range\n",
      false },
    { { "-dane_tlsa_domain", "x" },
      "s_client: DANE TLSA authentication requires at least one "
      "-dane_tlsa_rrdata option.\n",
      false },
    { { "-dane_tlsa_rrdata", "x" },
      "s_client: DANE TLSA authentication requires the -dane_tlsa_domain "
      "option.\n",
      false },
    /* ours */
    { { "-deadline", "nonsense", "a" }, "", true },
    { { "a", "-brief" }, "", true },
};

static struct argv argv_of(const struct row *row, char *words[WORDS_MAX])
{
    struct argv argv = { .words = words };

    for (; argv.count < WORDS_MAX && row->words[argv.count]; argv.count++)
        words[argv.count] = (char *)(uintptr_t)row->words[argv.count];
    return argv;
}

Test(usage, words_get_the_lines_of_s_client)
{
    struct buf out;

    buf_init(&out, 4096);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *words[WORDS_MAX];
        const struct argv argv = argv_of(&rows[i], words);

        buf_clear(&out);
        cr_expect_eq(usage_replay(&argv, &out), rows[i].good, "row %zu", i);
        cr_expect_str_eq(buf_string(&out), rows[i].lines, "row %zu", i);
    }
    buf_release(&out);
}

static bool conf(const char *first, const char *second, const char *expected)
{
    const struct row row = { .words = { "-brief", first, second } };
    char *words[WORDS_MAX];
    const struct argv argv = argv_of(&row, words);
    struct buf out;
    bool same;

    buf_init(&out, 4096);
    same = usage_conf(&argv, &out) == (expected != NULL)
           && strstr(buf_string(&out), expected ? expected : "");
    buf_release(&out);
    return same;
}

Test(usage, what_openssl_refuses_is_found_among_the_words)
{
    cr_expect(conf("-cipher", "none-such",
                   "Call to SSL_CONF_cmd(-cipher, none-such) failed\n"));
    cr_expect(conf("-min_protocol=TLSv9", NULL,
                   "Call to SSL_CONF_cmd(-min_protocol, TLSv9) failed\n"));
    cr_expect(conf("-serverpref", NULL,
                   "Call to SSL_CONF_cmd(-serverpref, <NULL>) failed\n"));
    cr_expect(conf("-cipher", "HIGH", NULL));
    cr_expect(conf("a", NULL, NULL));
}

/* What s_client says to words of which no plan can be made. */
#include "pki.h"
#include "plan/refusal.h"
#include "say.h"

#include <criterion/criterion.h>

#include <string.h>

static struct pki pki;
static struct buf out;

static void set_up(void)
{
    pki_new(&pki);
    pki_write(&pki, "empty.cnf", "");
    buf_init(&out, 64 * 1024);
    cr_assert_eq(setenv("OPENSSL_CONF", "/dev/null", 1), 0);
}

static void tear_down(void)
{
    buf_release(&out);
    pki_free(&pki);
}

TestSuite(refusal, .init = set_up, .fini = tear_down);

#define SIXTY     "123456789012345678901234567890123456789012345678901234567890"
#define LONG_NAME SIXTY SIXTY SIXTY SIXTY SIXTY

/* A value with a "%" before it is a file of the pki. */
/* s_client's words about files, as the version at hand has them. */
#define NOT_OPENED "Could not open file or uri for loading "
#if OPENSSL_VERSION_NUMBER < 0x30200000L
#    define NOT_READ     "Could not read "
#    define NO_CHAIN     "Could not read any "
#    define NO_FILE      "\n"
#    define CERT         "cert"
#    define CERTS        "certs"
#    define SERVER_KEY   ""
#    define STAT         ":calling stat(/nowhere)\n"
#    define UNABLE(what) "\nUnable to load " what "\n"
#else
#    define NOT_READ     "Could not find "
#    define NO_CHAIN     "Could not find certificates of "
#    define NO_FILE      ": No such file or directory\n"
#    define CERT         "certificate"
#    define CERTS        "certificates"
#    define SERVER_KEY   "private key of "
#    define STAT         NULL
#    define UNABLE(what) NULL
#endif

static const struct row {
    struct words words;
    const char *begin; /* of the lines; NULL: there is no objection */
    const char *also; /* is among them */
} rows[] = {
    { { { "-brief" } }, NULL, NULL },
    { { { "-CAfile", "%root.pem", "-crl_check" } }, NULL, NULL },
    { { { "-policy", "no..such" } },
      "s_client: Invalid Policy no..such\n",
      NULL },
    { { { "-policy", "1.2.3" } }, NULL, NULL },
    { { { "-purpose", "none" } }, "s_client: Invalid purpose none\n", NULL },
    { { { "-purpose", "sslserver" } }, NULL, NULL },
    { { { "-verify_name", "none" } },
      "s_client: Invalid verify name none\n",
      NULL },
    { { { "-verify_name", "ssl_server" } }, NULL, NULL },
    { { { "-rand", "/nowhere" } },
      "Can't load /nowhere into RNG\n",
      ":Filename=/nowhere\n" },
    { { { "-rand", "%garbage" } }, NULL, NULL },
    { { { "-cert", "/nowhere" } },
      NOT_OPENED "client certificate private key from /nowhere" NO_FILE,
      STAT },
    { { { "-cert", "/nowhere", "-key", "%leaf.key" } },
      NOT_OPENED "client certificate from /nowhere" NO_FILE,
      UNABLE("client certificate") },
    { { { "-cert", "%pair.pem" } }, NULL, NULL },
    { { { "-cert", "%leaf.pem" } },
      NOT_READ "client certificate private key from ",
      NULL },
    /* No reason: what a wrong key makes of the last block may look right. */
    { { { "-cert", "%leaf.pem", "-key", "%locked.key", "-pass", "pass:x" } },
      NOT_READ "client certificate private key from ",
      NULL },
    { { { "-cert", "%leaf.pem", "-key", "%locked.key", "-pass",
          "pass:" PKI_PASS } },
      NULL,
      NULL },
    { { { "-cert", "%leaf.pem", "-key", "%rsa.key" } },
      "Private key does not match the certificate public key\n",
      NULL },
    { { { "-cert", "%pair.pem", "-cert_chain", "%garbage" } },
      NO_CHAIN "client certificate chain from ",
      NULL },
    { { { "-cert_chain", "/nowhere" } },
      NOT_OPENED CERTS " of client certificate chain from /nowhere" NO_FILE,
      NULL },
    { { { "-CRL", "%garbage" } }, NOT_READ "CRL from ", UNABLE("CRL") },
    { { { "-xcert", "%pair.pem", "-xcert", "/nowhere" } },
      NOT_OPENED CERT " of Server Certificate from /nowhere" NO_FILE,
      UNABLE("Server Certificate") },
    { { { "-xkey", "/nowhere" } }, NULL, NULL },
    { { { "-xcert", "%leaf.pem", "-xkey", "%garbage" } },
      NOT_READ SERVER_KEY "server key from ",
      NULL },
    { { { "-xcert", "%pair.pem", "-xchain", "/nowhere" } },
      NOT_OPENED CERTS " of server chain from /nowhere" NO_FILE,
      NULL },
    { { { "-ssl_config", "none" } },
      "Error using configuration \"none\"\n",
      "invalid configuration name" },
    { { { "-verifyCAfile", "%garbage" } },
      "Error loading store locations\n",
      "no certificate or crl found" },
    { { { "-chainCAstore", "/nowhere" } },
      "Error loading store locations\n",
      NULL },
    { { { "-requestCAfile", "/nowhere" } }, "Error loading CA names\n", NULL },
    { { { "-psk_session", "/nowhere" } },
      "Can't open PSK session file /nowhere\n",
      NULL },
    { { { "-psk_session", "%garbage" } },
      "Can't read PSK session file ",
      "no start line" },
    { { { "-psk_session", "%session.pem" } }, NULL, NULL },
    { { { "-sess_in", "%garbage" } }, "Can't open session file ", NULL },
    { { { "-use_srtp", "none" } }, "Error setting SRTP profile\n", NULL },
    { { { "-CAfile", "/nowhere" } }, "", "calling fopen(/nowhere, r)" },
    { { { "-CAstore", "/nowhere" } }, "", "calling stat(/nowhere)" },
    { { { "-propquery", "none=yes" } }, "", "library has no ciphers" },
    { { { "-provider", "nosuch" } },
      "s_client: unable to load provider nosuch\nHint: use -provider-path ",
      "nosuch.so" },
    { { { "-provider", "default", "-cert", "%pair.pem" } }, NULL, NULL },
    { { { "-provider", "default", "-cert", "/nowhere" } },
      NOT_OPENED "client certificate private key from /nowhere" NO_FILE,
      NULL },
#ifndef OPENSSL_NO_ENGINE
    { { { "-ssl_client_engine", "dynamic" } },
      "Engine \"dynamic\" set.\nError setting client auth engine\n",
      "ENGINE lib" },
    { { { "-ssl_client_engine", "nosuch" } },
      "Invalid engine \"nosuch\"\n",
      "\nError getting client auth engine\n" },
    { { { "-engine", "nosuch", "-keyform", "ENGINE", "-key", "mine" } },
      "Invalid engine \"nosuch\"\n",
      "\n" NOT_READ "client certificate private key from "
      "org.openssl.engine:nosuch:mine\n" },
#endif
    { { { "-servername", LONG_NAME } },
      "Unable to set TLS servername extension.\n",
      "invalid servername" },
    { { { "-cert", "%pair.pem", "-build_chain", "-no-CAfile", "-CAfile",
          "%rsa.pem" } },
      "error building certificate chain\n",
      "unable to get local issuer certificate" },
    { { { "-cert", "%pair.pem", "-build_chain", "-CAfile", "%root.pem" } },
      NULL,
      NULL },
    { { { "-keylogfile", "/nowhere/x" } },
      "Error writing keylog file /nowhere/x\n",
      NULL },
    { { { "-dane_tlsa_domain", "a.b", "-dane_tlsa_rrdata", "3 1 x aa" } },
      "s_client: warning: bad TLSA mtype field in: 3 1 x aa\n",
      "\ns_client: Failed to import any TLSA records.\n" },
    { { { "-dane_tlsa_domain", "a.b", "-dane_tlsa_rrdata", "9 9 9 aa" } },
      "",
      "\ns_client: warning: unusable TLSA rrdata: 9 9 9 aa\n" },
};

static struct words filled(const struct words *from)
{
    struct words w = *from;

    for (size_t i = 0; i < SAID_MAX && w.word[i]; i++)
        if (w.word[i][0] == '%')
            w.word[i] = pki_file(&pki, w.word[i] + 1);
    return w;
}

Test(refusal, words_get_the_lines_of_s_client)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct words w = filled(&rows[i].words);
        struct option_set set = say(&w);
        const char *begin = rows[i].begin;

        buf_clear(&out);
        cr_expect_eq(plan_refusal(&set, NULL, &out), begin != NULL,
                     "row %zu: %s", i, buf_string(&out));
        cr_expect_eq(out.len > 0, begin != NULL, "row %zu", i);
        cr_expect(strncmp(buf_string(&out), begin ? begin : "",
                          begin ? strlen(begin) : 0)
                      == 0,
                  "row %zu: %s", i, buf_string(&out));
        cr_expect(strstr(buf_string(&out), rows[i].also ? rows[i].also : ""),
                  "row %zu: %s", i, buf_string(&out));
        options_release(&set);
    }
}

Test(refusal, words_of_openssls_own_are_tried_on_their_own)
{
    cr_expect(plan_conf_refusal(OPT_groups, "none", &out));
    cr_expect(strstr(buf_string(&out),
                     "Call to SSL_CONF_cmd(-groups, none) failed\n"));
    buf_clear(&out);
    cr_expect_not(plan_conf_refusal(OPT_groups, "P-256", &out));
    cr_expect_not(plan_conf_refusal(OPT_no_tls1, NULL, &out));
    cr_expect_eq(out.len, 0);
}

Test(refusal, an_engine_is_remarked)
{
    struct option_set set =
        say(WORDS("-ssl_client_engine", "nosuch", "-engine", "dynamic"));

    if (!plan_have(NEEDS_ENGINE))
        cr_skip_test("this OpenSSL has no engines");
    plan_remarks(&set, &out);
    cr_expect(strstr(buf_string(&out), "Engine \"dynamic\" set.\n"));
    cr_expect(strstr(buf_string(&out), "Invalid engine \"nosuch\"\n"));
    options_release(&set);
}

Test(refusal, what_is_passed_over_is_remarked)
{
    struct option_set set =
        say(WORDS("-serverinfo", "0,4660,16", "-dane_tlsa_domain", "a.b",
                  "-dane_tlsa_rrdata", "3 x 1 aa", "-dane_tlsa_rrdata",
                  "3 0 1 "
                  "00112233445566778899aabbccddeeff"
                  "00112233445566778899aabbccddeeff"));

    plan_remarks(&set, &out);
    cr_expect_str_eq(buf_string(&out),
                     "Warning: Unable to add custom extension 0, skipping\n"
                     "Warning: Unable to add custom extension 16, skipping\n"
                     "s_client: warning: bad TLSA selector field in: "
                     "3 x 1 aa\n");
    options_release(&set);
}

Test(refusal, random_state_that_cannot_be_written_has_its_lines)
{
    plan_writerand_refusal("/nowhere/x", &out);
    cr_expect(strstr(buf_string(&out), "Cannot write random bytes:\n"));
    cr_expect(strstr(buf_string(&out), ":Filename=/nowhere/x\n"));
}

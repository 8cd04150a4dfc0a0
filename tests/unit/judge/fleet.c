#include "fleet.h"

#include <criterion/criterion.h>
#include <string.h>

const char fleet_csv[] =
    "index,target,host,port,address,sni,starttls,profile,status,stage,code,"
    "error,verified,name_match,protocol,cipher,group,signature,alpn,"
    "verify_code,verify_error,subject,issuer,san,serial,not_before,not_after,"
    "days_left,key_type,key_bits,cert_signature,sha256,chain_length,ocsp,"
    "resumed,ms_total,attempts,expect,change\n"
    "1,a.example:443,a.example,443,192.0.2.1,a.example,none,none,ok,done,none,"
    "none,yes,yes,TLSv1.3,TLS_AES_256_GCM_SHA384,X25519,RSA-PSS SHA256,none,0,"
    "ok,\"CN = a.example, O = \"\"A\"\" \\xFF\",'=CA,\"DNS:a.example; "
    "DNS:www.a.example\",0A,2026-01-01T00:00:00Z,2026-12-31T23:59:59Z,36,RSA,"
    "2048,sha256WithRSAEncryption,ab12,2,not_asked,no,12.345,1,not_asked,"
    "not_asked\n"
    "2,b.example:25,b.example,25,,,,,config,config,file,it is not there,,,,,,,,"
    ",,,,,,,,,,,,,,,,,0,not_asked,not_asked\n";

const char fleet_jsonl[] =
    "{\"index\":1,\"target\":\"a.example:443\",\"host\":\"a.example\","
    "\"port\":443,\"address\":\"192.0.2.1\",\"sni\":\"a.example\","
    "\"starttls\":\"none\",\"profile\":\"none\",\"status\":\"ok\","
    "\"stage\":\"done\",\"code\":\"none\",\"error\":\"none\","
    "\"verified\":true,\"name_match\":true,\"protocol\":\"TLSv1.3\","
    "\"cipher\":\"TLS_AES_256_GCM_SHA384\",\"group\":\"X25519\","
    "\"alpn\":\"none\",\"verify_code\":0,"
    "\"subject\":\"CN = a.example, O = \\\"A\\\" \\\\xFF\","
    "\"issuer\":\"=CA\",\"san\":[\"DNS:a.example\",\"DNS:www.a.example\"],"
    "\"not_after\":\"2026-12-31T23:59:59Z\",\"key_bits\":2048,\"ocsp\":null,"
    "\"resumed\":false,\"ms_total\":12.345,\"time\":\"2026-11-25T03:00:00Z\","
    "\"client_cas\":[],\"chain\":[{\"subject\":\"CN = a.example\","
    "\"san\":[\"DNS:a.example\"],\"not_after\":\"2026-12-31T23:59:59Z\","
    "\"key_bits\":2048,\"sha256\":\"ab12\",\"pem\":\"-----BEGIN\\nx\\n\"},"
    "{\"subject\":\"CN = CA\",\"sha256\":\"cd34\"}],"
    "\"tags\":{\"team\":\"payments\"},\"warnings\":[]}\n"
    "{\"target\":\"b.example:25\",\"host\":\"b.example\",\"port\":25,"
    "\"status\":\"config\",\"stage\":\"config\",\"code\":\"file\"}\n";

struct baseline *fleet_open(const char *content, bool addresses)
{
    struct err e = { 0 };
    struct baseline *b = baseline_open(sample_text(content), addresses, &e);

    cr_assert_not_null(b, "%s", e.msg);
    return b;
}

void fleet_expect_change(struct baseline *b, struct record *r,
                         const char *change)
{
    baseline_judge(b, r);
    cr_assert(record_known(r, REC_change), "%s is not known", change);
    cr_expect_str_eq(record_get(r, REC_change), change);
}

void fleet_expect_unknown(struct baseline *b, struct record *r)
{
    baseline_judge(b, r);
    cr_expect_eq(r->values[REC_change].state, VALUE_UNKNOWN);
}

void fleet_expect_gone(struct baseline *b, const char *const *hosts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct record *r = baseline_gone(b, i);

        cr_assert_not_null(r, "%s", hosts[i]);
        cr_expect_str_eq(record_get(r, REC_host), hosts[i]);
        cr_expect_str_eq(record_get(r, REC_change), "gone");
        record_free(r);
    }
    cr_expect_null(baseline_gone(b, n));
}

struct record *fleet_target(const char *host, const char *port)
{
    return sample_record("target", host, "host", host, "port", port, "sni",
                         host, "starttls", "(none)", "profile", "(none)", NULL);
}

struct record *fleet_first(void)
{
    struct record *r = sample_record(
        "index", "7", "target", "https://a.example", "host", "a.example",
        "port", "443", "address", "192.0.2.9", "sni", "a.example", "starttls",
        "(none)", "profile", "(none)", "status", "ok", "stage", "done", "code",
        "(none)", "error", "(none)", "verified", "yes", "name_match", "yes",
        "protocol", "TLSv1.3", "cipher", "TLS_AES_256_GCM_SHA384", "alpn",
        "(none)", "verify_code", "0", "subject",
        "CN = a.example, O = \"A\" \xff", "issuer", "=CA", "san",
        "DNS:a.example", "san", "DNS:www.a.example", "not_after", "1798761599",
        "days_left", "35", "key_bits", "2048", "ocsp", "good", "ms_total", "99",
        NULL);
    struct cert *c;

    sample_set(r, "chain", "CN = a.example");
    sample_set(r, "chain", "CN = CA");
    c = &r->chain[0];
    cert_bytes(r, c, CERT_sha256, "ab12", 4);
    cert_bytes(r, c + 1, CERT_sha256, "cd34", 4);
    sample_set(r, "tags", "team=storage");
    return r;
}

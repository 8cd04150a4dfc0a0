#!/usr/bin/env python3
"""Loopback helper servers for the parity cases.

  helper.py front NAME BACKPORT   speak the plaintext dialogue NAME, then relay
                                         bytes to 127.0.0.1:BACKPORT; NAME may be
                                         proto, proto:nocap (does not advertise) or
                                         proto:no (refuses), or proxy, proxy:407, proxy:bad
  helper.py http DIR HOST:PORT    serve files of DIR over HTTP there
  helper.py eof|close|rst|hold|plain|garbage
                                         accept, then say nothing and end / close after the first bytes / reset / stay silent /
                                         answer with plain HTTP / answer with rubbish
Each prints 'PORT n' on stdout once it listens on 127.0.0.1:n.
"""
import base64, http.server, os, socket, struct, sys, threading, time

LOG = open(os.environ['PARITY_HELPER_LOG'], 'ab', 0) if 'PARITY_HELPER_LOG' in os.environ else None

class Line:
    def __init__(self, s): self.s, self.b = s, b''
    def get(self):
        while b'\n' not in self.b:
            d = self.s.recv(4096)
            if not d: return None
            self.b += d
        l, self.b = self.b.split(b'\n', 1)
        if LOG: LOG.write(b'C: ' + l + b'\n')
        return l.rstrip(b'\r').decode('latin1')
    def put(self, t):
        if LOG: LOG.write(b'S: ' + t.encode('latin1'))
        self.s.sendall(t.encode('latin1'))
    def raw(self, n):
        while len(self.b) < n:
            d = self.s.recv(4096)
            if not d: break
            self.b += d
        d, self.b = self.b[:n], self.b[n:]
        if LOG: LOG.write(b'C: ' + d.hex().encode() + b'\n')
        return d

def smtp(l, v, hello='EHLO'):
    l.put('220-parity ESMTP\r\n'); time.sleep(.02); l.put('220 ready\r\n')
    g = l.get()
    if g is None: return False
    # in one piece: -debug shows how many a reply comes in
    l.put('250-hello %s\r\n%s250 8BITMIME\r\n' % (g, '' if v == 'nocap' else '250-STARTTLS\r\n'))
    if l.get() is None: return False
    if v == 'no': l.put('454 TLS not available\r\n'); time.sleep(.2); return False
    l.put('220 go\r\n'); return True
def lmtp(l, v): return smtp(l, v, 'LHLO')
def pop3(l, v):
    l.put('+OK parity pop3\r\n'); l.get()
    if v == 'no': l.put('-ERR no\r\n'); time.sleep(.2); return False
    l.put('+OK begin\r\n'); return True
def imap(l, v):
    l.put('* OK parity imap\r\n'); l.get()
    l.put('* CAPABILITY IMAP4rev1%s\r\n. OK done\r\n' % ('' if v == 'nocap' else ' STARTTLS'))
    l.get()
    if v == 'no': l.put('. NO refused\r\n'); time.sleep(.2); return False
    l.put('. OK begin\r\n'); return True
def ftp(l, v):
    l.put('220-parity\r\n continued\r\n220 ready\r\n'); l.get()
    if v == 'no': l.put('500 no\r\n'); time.sleep(.2); return False
    l.put('234 go\r\n'); return True
def xmpp(l, v):
    b = b''
    while b'>' not in b: 
        d = l.s.recv(4096)
        if not d: return False
        b += d
    if LOG: LOG.write(b'C: ' + b + b'\n')
    l.put("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
    time.sleep(.05)
    if v == 'nocap': l.s.close(); return False
    l.put("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>")
    l.s.recv(4096)
    if v == 'no': l.put("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"); time.sleep(.2); return False
    l.put("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"); return True
def telnet(l, v):
    if v == 'no': l.s.sendall(b'login: '); time.sleep(.2); return False
    l.s.sendall(bytes([255, 253, 46])); l.raw(9); l.s.sendall(bytes([255, 250, 46, 1, 255, 240])); return True
def irc(l, v):
    if v == 'notice': l.put(':parity NOTICE AUTH :*** hi\r\n')
    l.get()
    if v == 'no': l.put(':parity 451 * STARTTLS :You have not registered\r\n'); time.sleep(.2); return False
    if v == 'no691': l.put(':parity 691 * :STARTTLS failed\r\n'); time.sleep(.2); return False
    l.put(':parity 670 * :STARTTLS successful\r\n'); return True
def mysql(l, v):
    caps = 0 if v == 'no' else 0x800
    p = b'\x0a' + b'8.0-parity\0' + struct.pack('<I', 7) + b'saltsalt' + b'\0' + struct.pack('<H', caps | 0x8000) + b'\x21' + struct.pack('<H', 2) + struct.pack('<H', 0) + b'\x15' + b'\0' * 10 + b'saltsaltsalt\0'
    if v == 'v9': p = b'\x09' + p[1:]
    l.s.sendall(struct.pack('<I', len(p))[:3] + b'\0' + p)
    if v in ('no', 'v9'): time.sleep(.2); return False
    l.raw(36); return True
def postgres(l, v):
    l.raw(8)
    if v == 'no': l.s.sendall(b'N'); time.sleep(.2); return False
    l.s.sendall(b'S'); return True
def nntp(l, v):
    l.put('200 parity nntp\r\n'); l.get()
    l.put('101 list\r\nVERSION 2\r\n%s.\r\n' % ('' if v == 'nocap' else 'STARTTLS\r\n')); l.get()
    if v == 'no': l.put('580 no\r\n'); time.sleep(.2); return False
    l.put('382 go\r\n'); return True
def sieve(l, v):
    l.put('"IMPLEMENTATION" "parity"\r\n%s"SIEVE" "x"\r\nOK "ready"\r\n' % ('' if v == 'nocap' else '"STARTTLS"\r\n')); l.get()
    if v == 'no': l.put('NO "refused"\r\n'); time.sleep(.2); return False
    l.put('OK "begin"\r\n'); return True
def ldap(l, v):
    l.s.recv(4096)
    rc = 2 if v == 'no' else 0
    oid = b'1.3.6.1.4.1.1466.20037'
    res = b'\x0a\x01' + bytes([rc]) + b'\x04\x00\x04\x00' + b'\x8a' + bytes([len(oid)]) + oid
    op = b'\x78' + bytes([len(res)]) + res
    m = b'\x02\x01\x01' + op
    l.s.sendall(b'\x30' + bytes([len(m)]) + m)
    return rc == 0 or (time.sleep(.2) or False)
def proxy(l, v):
    first = l.get()
    hd = []
    while True:
        h = l.get()
        if not h: break
        hd.append(h)
    if v == '407': l.put('HTTP/1.0 407 Proxy Authentication Required\r\n\r\n'); time.sleep(.2); return False
    if v == 'bad': l.put('hello, not HTTP at all......\r\n'); time.sleep(.2); return False
    if v == 'auth':
        want = 'Proxy-Authorization: Basic ' + base64.b64encode(b'puser:ppass').decode()
        if want not in hd: l.put('HTTP/1.0 407 no\r\n\r\n'); time.sleep(.2); return False
    l.put('HTTP/1.0 200 Connection established\r\nX-Parity: %s\r\n\r\n' % first.split()[1]); return True

def proxy_smtp(l, v): return proxy(l, v) and smtp(l, v)

def pump(a, b):
    try:
        while True:
            d = a.recv(65536)
            if not d: break
            b.sendall(d)
    except OSError: pass
    try: b.shutdown(socket.SHUT_WR)
    except OSError: pass

def front(c, fn, var, back):
    try:
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        l = Line(c)
        if fn and not fn(l, var): c.close(); return
        s = socket.create_connection(('127.0.0.1', back))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if l.b: s.sendall(l.b)
        t = threading.Thread(target=pump, args=(c, s), daemon=True); t.start()
        pump(s, c); t.join(5); s.close(); c.close()
    except OSError: pass

def serve(handler, port=0):
    ls = socket.socket(); ls.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ls.bind(('127.0.0.1', port)); ls.listen(64)
    print('PORT %d' % ls.getsockname()[1], flush=True)
    while True:
        c, _ = ls.accept()
        threading.Thread(target=handler, args=(c,), daemon=True).start()

def main():
    m = sys.argv[1]
    if m == 'front':
        name, _, var = sys.argv[2].partition(':')
        fn = {'smtp': smtp, 'lmtp': lmtp, 'pop3': pop3, 'imap': imap, 'ftp': ftp, 'xmpp': xmpp,
              'xmpp-server': xmpp, 'telnet': telnet, 'irc': irc, 'mysql': mysql, 'postgres': postgres,
              'nntp': nntp, 'sieve': sieve, 'ldap': ldap, 'proxy': proxy, 'proxy-smtp': proxy_smtp, 'relay': None}[name]
        serve(lambda c: front(c, fn, var, int(sys.argv[3])))
    elif m == 'http':
        d = sys.argv[2]
        class H(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *a, **k): super().__init__(*a, directory=d, **k)
            def log_message(self, *a):
                if LOG: LOG.write(('HTTP: ' + a[0] % a[1:] + '\n').encode())
        http.server.ThreadingHTTPServer.allow_reuse_address = True
        host, port = sys.argv[3].split(':')
        s = http.server.ThreadingHTTPServer((host, int(port)), H)
        print('PORT %d' % s.server_address[1], flush=True); s.serve_forever()
    else:
        keep = []
        def h(c):
            if m == 'eof':
                # What arrives must be read: closing before it would reset.
                c.shutdown(socket.SHUT_WR)
                while c.recv(4096): pass
                c.close()
            elif m == 'close': c.recv(4096); c.close()
            elif m == 'rst':
                c.recv(4096); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); c.close()
            elif m == 'plain': c.recv(4096); c.sendall(b'HTTP/1.0 400 Bad Request\r\n\r\n'); time.sleep(.1); c.close()
            elif m == 'garbage': c.recv(4096); c.sendall(os.urandom(64)); time.sleep(.1); c.close()
            else: keep.append(c)
        serve(h)
main()

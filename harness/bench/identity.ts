// What Envoy shows in TLS while it is measured: a certificate for bench.test that signs itself, valid
// until 2125. Its key is public and opens nothing; the client does not check it.

/** The certificate, in PEM. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIUCC54fqA4MuVnf3H0WSWAkJnbm0swCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKYmVuY2gudGVzdDAgFw0yNjExMjMwOTEwMzFaGA8yMTI1MDYx
NzA5MTAzMVowFTETMBEGA1UEAwwKYmVuY2gudGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABAvEeqTW78U4VezPP8aP+i1dvjHZIVgUtHWgyCPP3EhMbjY4Ccms
bE4P2Vd1Gc+GoNSaXTWCPdWVOZ8uOHd6K9OjajBoMB0GA1UdDgQWBBTTJCnbK/US
nE8JzlFEPp1kwa59pDAfBgNVHSMEGDAWgBTTJCnbK/USnE8JzlFEPp1kwa59pDAP
BgNVHRMBAf8EBTADAQH/MBUGA1UdEQQOMAyCCmJlbmNoLnRlc3QwCgYIKoZIzj0E
AwIDSAAwRQIhAPguYACrh7E9WV841O9tK7bGlEPdY7iSHTQSYtUpw7BJAiAptktz
U9uCIjsG8RchftgvhGhsmz+QsoWPaPVOQNegEw==
-----END CERTIFICATE-----
`;

/** Its private key, in PEM. */
export const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgODToNO8hGPDdczM1
b3TkeKfpZh21ruXGtf3lVgOkgEuhRANCAAQLxHqk1u/FOFXszz/Gj/otXb4x2SFY
FLR1oMgjz9xITG42OAnJrGxOD9lXdRnPhqDUml01gj3VlTmfLjh3eivT
-----END PRIVATE KEY-----
`;

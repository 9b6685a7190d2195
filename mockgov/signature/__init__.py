"""Signatures: the world's test certificate authority, everybody's pen, and the ministry's check of what was signed.

Law 5070 (electronic signature), law 6102 article 18/3 (registered e-mail); ETSI EN 319 122 (CAdES), 319 132 (XAdES),
319 142 (PAdES), 319 412 (certificates); RFC 5280, 5652, 6960, 3161, 8551. Facts, section 7.

Keys, serial numbers and signatures follow from the world's seed, moments are the world's. CMS, OCSP and time-stamps
are written here, since the libraries for it draw nonces and serial numbers at random or read the wall clock; pyHanko
writes the PDF's revision.

| part | fidelity |
|---|---|
| certificates: C, CN, `serialNumber` with TCKN, QcStatements, non-repudiation, AIA, CRL | faithful |
| names of authorities, policies below the arc of examples (2.999), a year's validity, five chains | chosen here |
| national policy identifiers of the regulator | absent |
| P-384 with SHA-384, or RSA of 2,048 bits with SHA-256 | faithful |
| private keys: derived from the seed, kept by the ministry, handed out as PKCS #12 | simplified |
| PKCS #12 files: the library's own salts, never the same bytes twice | simplified |
| CAdES, PAdES and XAdES with a time-stamp (baseline B-T), S/MIME `multipart/signed` | faithful |
| long-term forms (LT, LTA), counter-signatures, several signers in one CMS | absent (refused) |
| PAdES: an invisible field; the last signature must cover the whole file | simplified |
| what is read: DER with SHA-2 under ECDSA or RSA PKCS #1 v1.5; BER and RSA-PSS are refused | simplified |
| judged at the world's time-stamp, else now; other authorities' time-stamps are refused | simplified |
| CRL, OCSP and time-stamps as of now; infrastructure certificates are never revoked | simplified |
| evidence is read in the form in which it is written here | simplified |
"""

"""A client of WS-SecureConversation (February 2005) as WCF of 2011 spoke it over TLS, on lxml and xmlsec1."""

// The words inside a line of HAProxy: options of `bind` and `server`, actions, filters.
extension HAProxyGrammar {
    /// The words after the address of a `bind`, and of a line in a list of certificates; their sections are `bind`.
    package static let bindOptions = Grammar(
        """
        [bind]
        # Without a value.
        : accept-proxy allow-0rtt defer-accept force-sslv3 force-tlsv10 force-tlsv11 force-tlsv12 force-tlsv13
        : generate-certificates no-alpn no-ca-names no-sslv3 no-tls-tickets no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13
        : no-strict-sni prefer-client-ciphers quic-force-retry ssl strict-sni tfo transparent v4v6 v6only
        : tls-ticket-keys-none
        text: accept-netscaler-cip alpn backlog ca-ignore-err ca-sign-pass ciphers ciphersuites client-sigalgs
        text: crt-ignore-err curves default-crt-name ecdhe expose-fd gid group guid-prefix id idle-ping interface level
        text: maxconn mode mss name nbconn nice npn process proto quic-cc-algo quic-socket renegotiate severity-output
        text: shards sigalgs ssl-max-ver ssl-min-ver tcp-ut tcp-md5sig thread tls-tickets uid user verify label domains
        text: alias ocsp-update ktls cc tcp-ss
        certificate: ca-file ca-sign-file ca-verify-file crl-file crt default-crt ocsp issuer sctl
        certificate: tls-ticket-keys
        key: key
        certificate-list: crt-list
        namespace: namespace
        """)

    /// The words after the address of a `server`.
    package static let serverOptions = Grammar(
        """
        [server]
        : agent-check allow-0rtt backup check check-send-proxy check-ssl check-via-socks4 disabled enabled force-sslv3
        : force-tlsv10 force-tlsv11 force-tlsv12 force-tlsv13 no-agent-check no-backup no-check no-check-send-proxy
        : no-check-ssl no-renegotiate no-send-proxy no-send-proxy-v2 no-send-proxy-v2-ssl no-send-proxy-v2-ssl-cn no-ssl
        : no-ssl-reuse no-sslv3 no-tfo no-tls-tickets no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13 no-verifyhost non-stick
        : renegotiate send-proxy send-proxy-v2 send-proxy-v2-ssl send-proxy-v2-ssl-cn ssl ssl-reuse stick tfo tls-tickets
        : check-reuse-pool no-check-reuse-pool strict-maxconn no-strict-maxconn no-sni-auto no-check-sni-auto
        text: addr agent-addr agent-inter agent-port agent-send alpn check-alpn check-pool-conn-name check-proto check-sni
        text: ciphers ciphersuites client-sigalgs cookie curves downinter error-limit fall fastinter guid hash-key id
        text: idle-ping init-addr init-state inter log-bufsize log-proto max-reuse maxconn maxqueue minconn npn observe
        text: on-error on-marked-down on-marked-up pool-conn-name pool-low-conn pool-max-conn pool-purge-delay port proto
        text: proxy-v2-options redir resolve-net resolve-opts resolve-prefer resolvers rise sigalgs slowstart sni socks4
        text: ssl-max-ver ssl-min-ver tcp-md5sig tcp-ut track verify verifyhost weight ws cc ktls quic-cc-algo
        text: set-proxy-v2-tlv-fmt(*
        # The words after it are of its own: `usesrc`, `interface`.
        address: source
        text: usesrc interface
        certificate: ca-file crl-file crt
        namespace: namespace
        """)

    /// The word that says what a rule does. Sections are the kinds of rules; `*` ends a name with parentheses.
    package static let actions = Grammar(
        """
        [http-request http-response http-after-response tcp-request tcp-response quic-initial]
        text*: accept add-header allow attach-srv auth cache-store cache-use capture close deny del-header dgram-drop
        text*: disable-l7-retry do-log early-hint expect-proxy expect-netscaler-cip normalize-uri ot-group pause pathq
        text*: redirect reject replace-header replace-path replace-pathq replace-uri replace-value return send-retry
        text*: send-spoe-group set-bandwidth-limit set-bc-mark set-bc-tos set-dst set-dst-port set-fc-mark set-fc-tos
        text*: set-header set-headers-bin add-headers-bin del-headers-bin set-log-level set-mark set-method set-nice
        text*: set-path set-pathq set-priority-class set-priority-offset set-query set-retries set-src set-src-port
        text*: set-status set-timeout set-tos set-uri silent-drop strict-mode switch-mode tarpit wait-for-body
        text*: wait-for-handshake inspect-delay content connection session lf-string
        text*: track-sc* sc-add-gpc* sc-inc-gpc* sc-set-gpt* set-var(* set-var-fmt(* unset-var(* do-resolve(*
        file*: add-acl(* del-acl(* set-map(* del-map(*
        # Lua's services are refused: nothing but `lua-load` brings them.
        text*: use-service

        [http-check tcp-check]
        text*: comment connect disable-on-404 expect send send-state send-binary send-binary-lf send-lf set-var(* unset-var(*
        text*: set-var-fmt(*

        [http-error]
        text*: status

        [redirect]
        text*: location prefix scheme

        [monitor]
        text*: fail

        [stick]
        text*: match on store-request store-response
        """)

    /// `option NAME`, and what follows it.
    package static let options = Grammar(
        """
        [option]
        text*: abortonclose accept-invalid-http-request accept-invalid-http-response accept-unsafe-violations-in-http-request
        text*: accept-unsafe-violations-in-http-response allbackups assume-rfc6587-ntf checkcache clitcpka contstats
        text*: disable-h2-upgrade dont-parse-log dontlog-normal dontlognull forceclose forwarded forwardfor
        text*: h1-case-adjust-bogus-client h1-case-adjust-bogus-server host httpchk http-buffer-request http-drop-request-trailers
        text*: http-drop-response-trailers http-ignore-probes http-keep-alive http-no-delay http-pretend-keepalive
        text*: http-restrict-req-hdr-names http-server-close http-use-htx http-use-proxy-header http_proxy httpclose httplog
        text*: httpslog idle-close-on-response independent-streams keep-query ldap-check log-health-checks log-separate-errors
        text*: logasap mysql-check nolinger originalto persist pgsql-check prefer-last-server redispatch redis-check
        text*: set-host smtpchk socket-stats splice-auto splice-request splice-response spop-check srvtcpka ssl-hello-chk
        text*: start-on-reload tcp-check tcp-smart-accept tcp-smart-connect tcpka tcplog transparent use-small-buffers
        text*: get-values max-reqs mpxs-conns keep-conn
        code*: external-check
        """)

    /// `filter NAME`, and what follows it: `config` names a file.
    package static let filters = Grammar(
        """
        [filter]
        text*: bwlim-in bwlim-out cache comp-req comp-res compression fcgi-app trace
        file*: spoe
        code*: opentracing
        """)
}

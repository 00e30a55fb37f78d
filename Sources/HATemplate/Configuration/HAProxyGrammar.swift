/// HAProxy 2.6 and on.
///
/// Made from `haproxy -dKall` and completed by the documents up to 3.2. Tables of the words inside a line stand in
/// `HAProxyGrammar+Words.swift`.
package enum HAProxyGrammar {
    package static let grammar = Grammar(table)

    /// Whether a first word begins a section.
    package static func isSection(_ word: String) -> Bool { sectionNames.contains(word) }

    private static let sectionNames = Set(
        grammar.rows.lazy.filter { $0.sections == ["file"] && !$0.name.hasPrefix(".") }.map(\.name))

    private static let table = """
        [file]
        text*: global
        name text*: defaults frontend backend listen peers resolvers mailers userlist program http-errors ring cache
        name text*: log-forward log-profile fcgi-app crt-store traces acme
        # Choosing lines by the version, and messages of the reader itself.
        condition*: .if .elif
        text*: .else .endif .diag .notice .warning .alert

        [global]
        flag: daemon noepoll nokqueue nopoll noevports noreuseport nosplice nogetaddrinfo quiet zero-warning
        flag: master-worker no-quic no-memory-trimming pp2-never-send-local busy-polling expose-experimental-directives
        flag: expose-deprecated-directives insecure-setuid-wanted limited-quic prealloc-fd ssl-skip-self-issued-ca
        flag: h1-accept-payload-with-any-method h2-workaround-bogus-websocket-clients noktls
        flag: ssl-mode-async strict-limits shm-stats-file-max-objects quick-exit
        number*: close-spread-time fd-hard-limit grace hard-stop-after maxcompcpuusage maxcomprate maxconn maxconnrate
        number*: maxpipes maxsessrate maxsslconn maxsslrate maxzlibmem mworker-max-reloads nbproc nbthread spread-checks
        number*: max-spread-checks thread-group thread-groups thread-hard-limit ulimit-n cpu-map cpu-policy cpu-set
        number*: force-cfg-parser-pause warn-blocked-traffic-after cluster-secret
        text*: description node localpeer log-send-hostname log-tag numa-cpu-mapping profiling.* set-dumpable setcap
        text*: ssl-default-* ssl-load-extra-del-ext ssl-load-extra-files ssl-propquery ssl-security-level ssl-server-verify
        text*: stats tune.* unix-bind h1-case-adjust h1-do-not-close-on-insecure-transfer-encoding
        text*: harden.reject-privileged-ports.* httpclient.resolvers.* httpclient.retries httpclient.ssl.verify
        text*: httpclient.timeout.* ocsp-update.* dns-accept-family anonkey key-base-extra trace wurfl-information-list
        text*: wurfl-information-list-separator wurfl-cache-size 51degrees-property-* 51degrees-cache-size
        text*: 51degrees-difference 51degrees-drift 51degrees-use-performance-graph 51degrees-use-predictive-graph
        text*: 51degrees-allow-unmatched deviceatlas-log-level deviceatlas-separator deviceatlas-properties-cookie
        text*: accept-invalid-http-request accept-unsafe-violations-in-http-request accept-unsafe-violations-in-http-response
        name: user group
        number: uid gid
        served: chroot pidfile
        output: shm-stats-file
        address text*: log
        sample*: set-var
        variable format*: set-var-fmt
        environment text: setenv presetenv
        environment*: unsetenv resetenv
        base*: ca-base crt-base key-base default-path server-state-base
        certificate: issuers-chain-path ssl-dh-param-file httpclient.ssl.ca-file
        file: server-state-file stats-file h1-case-adjust-file 51degrees-data-file deviceatlas-json-file wurfl-data-file wurfl-patch-file
        library*: ssl-engine ssl-provider ssl-provider-path wurfl-engine-mode
        code*: lua-load lua-load-per-thread lua-prepend-path external-check insecure-fork-wanted

        [defaults frontend backend listen]
        text*: disabled enabled id mode
        sample*: acl
        address bind-option*: bind
        address text*: log
        backend condition*: default_backend use_backend
        server condition*: use-server
        name address server-option*: server
        name text address server-option*: server-template
        server-option*: default-server
        address text*: source dispatch
        algorithm sample*: balance
        text*: backlog bind-process capture clitcpka-cnt clitcpka-idle clitcpka-intvl clitimeout compression contimeout
        text*: cookie declare dynamic-cookie-key email-alert errorloc errorloc302 errorloc303 fullconn grace hash-balance-factor
        text*: hash-type hash-key hash-preserve-affinity http-reuse http-send-name-header load-server-state-from-file
        text*: log-send-hostname log-steps log-tag max-keep-alive-queue max-session-srv-conns maxconn monitor-net monitor-uri persist
        text*: rate-limit retries retry-on description srvtcpka-cnt srvtcpka-idle srvtcpka-intvl srvtimeout stats stick-table timeout
        text*: transparent guid appsession cliexp srvexp force-be-switch
        file: server-state-file-name
        option text*: option
        number file: errorfile
        name text*: errorfiles use-fcgi-app
        filter text*: filter
        format: log-format log-format-sd error-log-format unique-id-format
        text: unique-id-header
        condition*: force-persist ignore-persist
        action*: http-request http-response http-after-response tcp-request tcp-response quic-initial http-check tcp-check
        action*: http-error redirect monitor stick
        code*: external-check

        [peers]
        name address server-option*: peer
        name address server-option*: server
        address bind-option*: bind
        bind-option*: default-bind
        server-option*: default-server
        address text*: log
        text*: table localpeer shards enabled disabled

        [resolvers]
        name address text*: nameserver
        text*: accepted_payload_size parse-resolv-conf hold resolve_retries timeout

        [mailers]
        name address: mailer
        text*: timeout

        [userlist]
        name text*: group user

        [cache]
        number: total-max-size max-object-size max-age max-secondary-entries process-vary

        [http-errors]
        number file: errorfile

        [ring]
        text*: description format maxlen size timeout
        name address server-option*: server
        output: backing-file

        [log-forward]
        address bind-option*: bind dgram-bind
        address text*: log
        text*: backlog maxconn timeout option

        [log-profile]
        text*: log-tag on

        [fcgi-app]
        served: docroot
        text*: index log-stderr option pass-header path-info max-reqs maxconn
        name format*: set-param
        sample*: acl

        [crt-store]
        base: crt-base key-base
        bind-option*: load

        [traces]
        text*: trace

        [program]
        code*: command
        text*: user group option
        """
}

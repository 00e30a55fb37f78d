extension GuardCheck {
    /// Each section with its title, and how many of its servers take no requests: those that are `disabled` (HAProxy) or
    /// `down` (nginx), those of weight 0, and all of a section that is `disabled` itself.
    ///
    /// A `backup` counts as one that does: it answers when no other can.
    static func idleServers(
        _ outline: ConfigOutline
    ) -> [(title: String, section: ConfigOutline.Section, idle: Int)] {
        // What `default-server` of the `defaults` before says.
        var inherited = ServerState()
        return ConfigSummary.titled(outline).map { title, section in
            if section.kind == "defaults" { inherited = ServerState() }
            var usual = inherited
            for line in section.rest {
                let words = line.split(separator: " ").map(String.init)
                if words.first == "default-server" { usual.read(words.dropFirst()) }
            }
            if section.kind == "defaults" { inherited = usual }
            if section.rest.contains("disabled") { return (title, section, section.servers.count) }
            let idle = section.servers.values.count { line in
                var state = usual
                state.read(line.split(separator: " ").map(String.init)[...])
                return state.isIdle
            }
            return (title, section, idle)
        }
    }

    /// What the words of a server say about whether it takes requests; a later word wins.
    private struct ServerState {
        private var isDisabled = false
        private var hasNoWeight = false

        var isIdle: Bool { isDisabled || hasNoWeight }

        /// Words whose next one is a value of any kind.
        private static let valued: Set<String> = [
            "alpn", "cookie", "id", "namespace", "redir", "resolvers", "sni", "track", "verifyhost",
        ]

        mutating func read(_ words: ArraySlice<String>) {
            var rest = words
            while let word = rest.popFirst() {
                switch word {
                case "disabled", "down": isDisabled = true
                case "enabled": isDisabled = false
                case "weight": hasNoWeight = rest.popFirst().map(Self.isZero) ?? false
                case _ where word.hasPrefix("weight="): hasNoWeight = Self.isZero(String(word.dropFirst(7)))
                case _ where Self.valued.contains(word): _ = rest.popFirst()
                default: break
                }
            }
        }

        private static func isZero(_ word: String) -> Bool { Int(word) == 0 }
    }
}

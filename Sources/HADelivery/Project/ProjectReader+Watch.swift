import HAServices
import HASystem
import HATemplate

// The daemon's part of the project file.
extension ProjectReader {
    /// A number with its unit: `20ms`, `1s`, `5m`, `1h`; milliseconds.
    mutating func duration(_ member: Member, _ range: ClosedRange<Int>) -> Int? {
        guard let text = text(member) else { return nil }
        guard let time = TimeWords.milliseconds(text) else {
            refuse(
                .badValue, "'\(member.name)' must be a whole number with a unit, such as \"20ms\", \"1s\" or \"5m\"",
                at: member.value)
            return nil
        }
        guard range.contains(time) else {
            let (low, high) = (TimeWords.text(range.lowerBound), TimeWords.text(range.upperBound))
            refuse(.numberOutOfRange, "'\(member.name)' must be from \(low) to \(high)", at: member.value)
            return nil
        }
        return time
    }

    mutating func each(_ member: Member) -> TargetEach? {
        guard let words = text(member) else { return nil }
        let isGood = words.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isGood, let each = TargetEach(words) else {
            refuse(.badValue, "'each' must be \"service\" or a field such as \".Attributes.team\"", at: member.value)
            return nil
        }
        return each
    }

    /// Whether the output of a target with `each` has a place for its value, and data that can be taken apart.
    mutating func checkEach(_ target: ProjectTarget, _ keys: Members, in object: Value) {
        guard let each = target.each, let output = keys[TargetKeys.output] else { return }
        let allowed = each == .service ? ProjectTarget.placeholders : ["{each}"]
        if !allowed.contains(where: target.output.contains) {
            refuse(
                .badValue, "the output of a target with 'each' needs \(allowed.joined(separator: " or ")) in its path",
                at: output.value)
        }
        if case .data = target.input.root {
            refuse(.badValue, "a target with 'data' has no services to make an output of each", at: object)
        }
    }

    /// Where a server listens.
    mutating func address(_ member: Member) -> SocketAddress? {
        guard let text = text(member) else { return nil }
        do throws(SocketAddress.Mistake) { return try SocketAddress(text) } catch {
            let reason =
                switch error {
                case .noPort: "has no port"
                case .badPort: "has a port that is none"
                case .noAddress: "has no IP address before its port"
                case .relativePath: "must be an absolute path"
                }
            refuse(
                .badValue, "'\(member.name)' \(reason); write \"127.0.0.1:9090\" or \"unix:/run/haproxy-gen.sock\"",
                at: member.value)
            return nil
        }
    }

    mutating func watch(_ member: Member) -> WatchSettings? {
        guard let keys = members(of: member.value, "'\(member.name)'", ProjectSchema.watch) else { return nil }
        var settings = WatchSettings()
        settings.quiet = value(WatchKeys.quiet, keys) ?? settings.quiet
        settings.atMost = value(WatchKeys.atMost, keys) ?? settings.atMost
        settings.reloadInterval = value(WatchKeys.reloadInterval, keys) ?? settings.reloadInterval
        settings.refresh = value(WatchKeys.refresh, keys) ?? settings.refresh
        settings.quarantine = value(WatchKeys.quarantine, keys) ?? settings.quarantine
        settings.drift = value(WatchKeys.drift, keys) ?? settings.drift
        settings.initialWait = value(WatchKeys.initialWait, keys) ?? settings.initialWait
        settings.drain = value(WatchKeys.drain, keys) ?? settings.drain
        settings.listen = value(WatchKeys.listen, keys)
        settings.tokenFile = value(WatchKeys.tokenFile, keys)
        return settings
    }

    mutating func sources(_ member: Member) -> [ProjectSource]? {
        guard member.value.kind == .list else {
            refuse(.wrongType, "'\(member.name)' must be a list of sources", at: member.value)
            return nil
        }
        var sources: [ProjectSource] = []
        for element in elements(of: member) {
            guard let source = source(element.value) else { continue }
            if sources.contains(where: { $0.name == source.name }) {
                refuse(.duplicateId, "two sources are called '\(source.name)'", at: element.value)
                continue
            }
            sources.append(source)
        }
        return sources
    }

    private mutating func source(_ object: Value) -> ProjectSource? {
        guard let keys = members(of: object, "a source", ProjectSchema.source) else { return nil }
        let name = required(SourceKeys.name, keys, in: object, "the source")
        guard let kind = required(SourceKeys.type, keys, in: object, "the source"), let name else { return nil }
        switch kind {
        case .files:
            refuse(SourceKeys.table, keys, of: kind)
            return required(SourceKeys.paths, keys, in: object, "the source").map { ProjectSource(name, .files($0)) }
        case .table:
            refuse(SourceKeys.paths, keys, of: kind)
            return required(SourceKeys.table, keys, in: object, "the source").map { ProjectSource(name, .table($0)) }
        }
    }

    private mutating func refuse(_ key: any DeclaredProjectKey, _ keys: Members, of kind: ProjectSource.Kind) {
        guard let member = keys[key] else { return }
        refuse(.badValue, "a source of type '\(kind.rawValue)' has no '\(member.name)'", at: member.key)
    }

    /// The sources that a target names, in its order.
    mutating func named(_ keys: Members) -> [RenderInput.NamedSource] {
        var found: [RenderInput.NamedSource] = []
        for member in members(ofList: keys[TargetKeys.sources]) {
            guard let name = text(member) else { continue }
            guard var source = known[name] else {
                let near = nearest(to: name, in: known.keys.sorted()).map { "; did you mean '\($0)'?" } ?? ""
                refuse(.badValue, "the project has no source '\(name)'\(near)", at: member.value)
                continue
            }
            if case .table = source.kind {
                source.trustsConfig = (value(TargetKeys.trustConfig, keys) ?? []).contains(.state)
            }
            if !found.contains(where: { $0.name == name }) { found.append(source) }
        }
        return found
    }
}

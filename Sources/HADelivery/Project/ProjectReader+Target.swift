import HAServices
import HATemplate

/// The keys of the project itself.
enum ProjectKey: String, CaseIterable {
    /// For editors: where the JSON Schema is.
    case schema = "$schema"
    case targets, state, keep
}

/// The keys of a target.
enum TargetKey: String, CaseIterable {
    case name, template, services, table, data, output, dialect, params, paramFiles, include, env
    case missingKey, blankLines, delims, trustConfig
    case check, checkTimeout, reload, reloadTimeout, mode, owner, guards
}

/// The keys of a target's guards.
enum GuardKey: String, CaseIterable {
    case minServers, maxRemoved, requireServices
}

extension ProjectReader {
    /// Seconds that a command may take at most.
    private static let timeouts = 1...3600

    mutating func target(_ value: Value, index: Int, state: String) -> ProjectTarget? {
        guard let keys = members(of: value, "a target", TargetKey.self) else { return nil }
        let name = targetName(keys[.name], in: value)
        let template = required(.template, keys, in: value)
        let output = required(.output, keys, in: value)
        let root = root(keys, in: value, state: state)
        var input = input(keys, template: template ?? "", root: root)
        if keys[.params] != nil {
            input.settings.append(.part(of: file, at: [.key("targets"), .index(index), .key("params")]))
        }
        var target = ProjectTarget(name: name ?? "", input: input, output: output ?? "")
        target.location = document.location(of: value)
        target.committedPath = keys[.output].flatMap { document.text(of: $0.value) }.flatMap {
            $0.hasPrefix("/") ? nil : $0
        }
        target.folder = file.name.contains("/") ? PrivateFolder.folder(of: file.name) : nil
        target.check = text(keys[.check])
        target.reload = text(keys[.reload])
        if let seconds = integer(keys[.checkTimeout], Self.timeouts) { target.checkTimeout = seconds * 1000 }
        if let seconds = integer(keys[.reloadTimeout], Self.timeouts) { target.reloadTimeout = seconds * 1000 }
        target.mode = mode(keys[.mode])
        target.owner = text(keys[.owner])
        target.guards = guards(keys[.guards])
        return name == nil || template == nil || output == nil ? nil : target
    }

    /// A name that can stand on a command line and be a folder's.
    private mutating func targetName(_ member: Member?, in target: Value) -> String? {
        guard let member else {
            refuse(.badValue, "the target has no 'name'", at: target)
            return nil
        }
        guard let name = text(member) else { return nil }
        let isGood = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isGood, name.utf8.count <= 64, !name.hasPrefix("."), !name.hasPrefix("-") else {
            refuse(
                .badValue, "the name of a target must be letters, digits and -_. and begin with a letter or digit",
                at: member.value)
            return nil
        }
        return name
    }

    /// A path that the target must have.
    private mutating func required(_ key: TargetKey, _ keys: [TargetKey: Member], in target: Value) -> String? {
        guard let member = keys[key] else {
            refuse(.badValue, "the target has no '\(key.rawValue)'", at: target)
            return nil
        }
        return path(member)
    }

    private mutating func path(_ member: Member) -> String? {
        text(member).map { ProjectFile.path($0, from: file.name) }
    }

    /// A list of paths, or one alone.
    private mutating func paths(_ member: Member?) -> [String] {
        members(ofList: member).compactMap { path($0) }
    }

    private mutating func root(_ keys: [TargetKey: Member], in target: Value, state: String) -> RenderInput.Root {
        if let data = keys[.data] {
            for key in [TargetKey.services, .table] where keys[key] != nil {
                refuse(.badValue, "a target has either 'data' or '\(key.rawValue)'", at: data.key)
            }
            return .data(path(data) ?? "")
        }
        if keys[.services] == nil, keys[.table] == nil {
            refuse(.badValue, "the target has none of 'services', 'table' and 'data'", at: target)
        }
        let table = storedTable(keys[.table], state: state)
        return .services(paths(keys[.services]), table: table)
    }

    private mutating func storedTable(_ member: Member?, state: String) -> RenderInput.StoredTable? {
        guard let member, let name = text(member) else { return nil }
        guard let table = TableName(name) else {
            refuse(.badValue, "'\(name)' cannot be the name of a table", at: member.value)
            return nil
        }
        return .init(folder: state, name: table)
    }

    private mutating func input(
        _ keys: [TargetKey: Member], template: String, root: RenderInput.Root
    ) -> RenderInput {
        let dialect = (choice(keys[.dialect], of: DialectChoice.self) ?? .auto).dialect(of: template).dialect
        var input = RenderInput(template: template, root: root, dialect: dialect)
        input.includes = paths(keys[.include])
        input.environment = texts(keys[.env])
        input.missingKey = choice(keys[.missingKey], of: MissingKey.self) ?? .error
        input.blankLines = choice(keys[.blankLines], of: BlankLines.self) ?? dialect.blankLines
        input.settings = paths(keys[.paramFiles]).map { .file($0) }
        input.trustedSources = Set(choices(keys[.trustConfig], of: ConfigSource.self))
        input.places = places(keys, table: input.table)
        if let member = keys[.delims] { input.delimiters = delimiters(member) }
        if let params = keys[.params], params.value.kind != .map {
            refuse(.wrongType, "'params' must be an object", at: params.value)
        }
        return input
    }

    /// Where the target names what it reads.
    private func places(_ keys: [TargetKey: Member], table: RenderInput.StoredTable?) -> NamedPlaces {
        var places = NamedPlaces(file)
        for key in [TargetKey.template, .services, .data, .paramFiles, .include, .output] {
            for member in members(ofList: keys[key]) {
                guard let text = document.text(of: member.value), let place = document.location(of: member.value)
                else { continue }
                places.add(ProjectFile.path(text, from: file.name), at: place.range)
            }
        }
        if let params = keys[.params]?.value, params.kind == .map {
            for (entry, key) in zip(document.entries(of: params), document.keys(of: params)) {
                if let place = document.location(of: key) { places.add(parameter: entry.key, at: place.range) }
            }
        }
        if let table, let member = keys[.table], let place = document.location(of: member.value) {
            places.add(table.path, at: place.range)
        }
        return places
    }

    private mutating func delimiters(_ member: Member) -> Template.Delimiters {
        let parts = document.elements(of: member.value).compactMap { document.text(of: $0) }
        guard member.value.count == 2, parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0] != parts[1]
        else {
            refuse(.badValue, "'delims' must be a list of two different texts", at: member.value)
            return Template.Delimiters()
        }
        return Template.Delimiters(left: parts[0], right: parts[1])
    }

    /// Permission bits in octal digits. A configuration that everybody may write to is not safe.
    private mutating func mode(_ member: Member?) -> UInt32? {
        guard let member, let digits = text(member) else { return nil }
        guard let mode = UInt32(digits, radix: 8), mode <= 0o777, digits.utf8.count <= 4, !digits.hasPrefix("+") else {
            refuse(.badValue, "'mode' must be octal digits such as \"0644\"", at: member.value)
            return nil
        }
        guard mode & 0o002 == 0, mode & 0o400 != 0 else {
            let fault = mode & 0o002 == 0 ? "must let the owner read the file" : "must not let everybody write the file"
            refuse(.badValue, "'mode' \(fault)", at: member.value)
            return nil
        }
        return mode
    }

    private mutating func guards(_ member: Member?) -> Guards {
        var guards = Guards()
        guard let member, let keys = members(of: member.value, "'guards'", GuardKey.self) else { return guards }
        guards.minServers = integer(keys[.minServers], 0...1_000_000)
        guards.maxRemoved = share(keys[.maxRemoved])
        guards.requireServices = boolean(keys[.requireServices]) ?? false
        return guards
    }
}

// For the test of the schema.
extension ProjectFile {
    package static let knownKeys = Set(ProjectKey.allCases.map(\.rawValue))
}

extension ProjectTarget {
    package static let knownKeys = Set(TargetKey.allCases.map(\.rawValue))
}

extension Guards {
    package static let knownKeys = Set(GuardKey.allCases.map(\.rawValue))
}

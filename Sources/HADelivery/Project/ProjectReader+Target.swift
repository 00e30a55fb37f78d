import HAServices
import HATemplate

extension ProjectReader {
    mutating func target(_ object: Value, index: Int, state: String) -> ProjectTarget? {
        guard let keys = members(of: object, "a target", ProjectSchema.target) else { return nil }
        let name = required(TargetKeys.name, keys, in: object, "the target")
        let template = required(TargetKeys.template, keys, in: object, "the target")
        let output = required(TargetKeys.output, keys, in: object, "the target")
        let root = root(keys, in: object, state: state)
        var input = input(keys, template: template ?? "", root: root)
        input.named = named(keys)
        if keys[TargetKeys.params] != nil {
            let path: [ParameterSet.Step] = [
                .key(ProjectKeys.targets.row.name), .index(index), .key(TargetKeys.params.row.name),
            ]
            input.settings.append(.part(of: file, at: path))
        }
        var target = ProjectTarget(name: name ?? "", input: input, output: output ?? "")
        target.location = document.location(of: object)
        target.committedPath = keys[TargetKeys.output].flatMap { document.text(of: $0.value) }.flatMap {
            $0.hasPrefix("/") ? nil : $0
        }
        target.folder = file.name.contains("/") ? PrivateFolder.folder(of: file.name) : nil
        target.each = value(TargetKeys.each, keys)
        checkEach(target, keys, in: object)
        target.check = value(TargetKeys.check, keys)
        target.reload = value(TargetKeys.reload, keys)
        target.checkTimeout = value(TargetKeys.checkTimeout, keys) ?? target.checkTimeout
        target.reloadTimeout = value(TargetKeys.reloadTimeout, keys) ?? target.reloadTimeout
        target.mode = value(TargetKeys.mode, keys)
        target.owner = value(TargetKeys.owner, keys)
        target.guards = value(TargetKeys.guards, keys) ?? Guards()
        return name == nil || template == nil || output == nil ? nil : target
    }

    /// A name that can stand on a command line and be a folder's.
    mutating func targetName(_ member: Member) -> String? {
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

    mutating func path(_ member: Member) -> String? {
        text(member).map { ProjectFile.path($0, from: file.name) }
    }

    /// The elements of `targets`.
    mutating func targetList(_ member: Member) -> [Member]? {
        guard member.value.kind == .list else {
            refuse(
                .wrongType, "'\(member.name)' must be a list of targets", at: member.value,
                note: found(member.value, "[ … ]"))
            return nil
        }
        if member.value.count == 0 { refuse(.badValue, "the project has no targets", at: member.value) }
        return elements(of: member)
    }

    private mutating func root(_ keys: Members, in target: Value, state: String) -> RenderInput.Root {
        let (services, table) = (TargetKeys.services, TargetKeys.table)
        if let data = keys[TargetKeys.data] {
            for key in [services, table, TargetKeys.sources] as [any DeclaredProjectKey] where keys[key] != nil {
                refuse(.badValue, "a target has either '\(data.name)' or '\(key.row.name)'", at: data.key)
            }
            return .data(path(data) ?? "")
        }
        if keys[services] == nil, keys[table] == nil, keys[TargetKeys.sources] == nil {
            refuse(.badValue, "the target has none of 'services', 'sources', 'table' and 'data'", at: target)
        }
        let stored = value(table, keys).map { RenderInput.StoredTable(folder: state, name: $0) }
        return .services(value(services, keys) ?? [], table: stored)
    }

    mutating func tableName(_ member: Member) -> TableName? {
        guard let name = text(member) else { return nil }
        guard let table = TableName(name) else {
            refuse(.badValue, "'\(name)' cannot be the name of a table", at: member.value)
            return nil
        }
        return table
    }

    private mutating func input(_ keys: Members, template: String, root: RenderInput.Root) -> RenderInput {
        let dialect = (value(TargetKeys.dialect, keys) ?? .auto).dialect(of: template).dialect
        var input = RenderInput(template: template, root: root, dialect: dialect)
        input.includes = value(TargetKeys.include, keys) ?? []
        input.environment = value(TargetKeys.env, keys) ?? []
        input.missingKey = value(TargetKeys.missingKey, keys) ?? input.missingKey
        input.blankLines = value(TargetKeys.blankLines, keys) ?? input.blankLines
        input.settings = (value(TargetKeys.paramFiles, keys) ?? []).map { .file($0) }
        input.trustedSources = Set(value(TargetKeys.trustConfig, keys) ?? [])
        input.delimiters = value(TargetKeys.delims, keys) ?? input.delimiters
        input.places = places(keys, settings: value(TargetKeys.params, keys) ?? [], table: input.table)
        return input
    }

    /// The settings of `params`, each with its key.
    mutating func settings(_ member: Member) -> [Member]? {
        guard member.value.kind == .map else {
            refuse(
                .wrongType, "'\(member.name)' must be an object", at: member.value, note: found(member.value, "{ … }"))
            return nil
        }
        return zip(document.entries(of: member.value), document.keys(of: member.value)).map { entry, key in
            Member(name: entry.key, key: key, value: entry.value)
        }
    }

    /// Where the target names what it reads.
    private func places(_ keys: Members, settings: [Member], table: RenderInput.StoredTable?) -> NamedPlaces {
        var places = NamedPlaces(file)
        let paths: [any DeclaredProjectKey] = [
            TargetKeys.template, TargetKeys.services, TargetKeys.data, TargetKeys.paramFiles, TargetKeys.include,
            TargetKeys.output,
        ]
        for member in paths.flatMap({ members(ofList: keys[$0]) }) {
            guard let text = document.text(of: member.value), let place = document.location(of: member.value)
            else { continue }
            places.add(ProjectFile.path(text, from: file.name), at: place.range)
        }
        for setting in settings {
            if let place = document.location(of: setting.key) { places.add(parameter: setting.name, at: place.range) }
        }
        if let table, let member = keys[TargetKeys.table], let place = document.location(of: member.value) {
            places.add(table.path, at: place.range)
        }
        return places
    }

    mutating func delimiters(_ member: Member) -> Template.Delimiters? {
        let parts = document.elements(of: member.value).compactMap { document.text(of: $0) }
        guard member.value.count == 2, parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0] != parts[1]
        else {
            refuse(.badValue, "'delims' must be a list of two different texts", at: member.value)
            return nil
        }
        return Template.Delimiters(left: parts[0], right: parts[1])
    }

    /// Permission bits in octal digits. A configuration that everybody may write to is not safe.
    mutating func mode(_ member: Member) -> UInt32? {
        if member.value.kind == .int, (1...7777).contains(member.value.asInt) {
            let note = "JSON has no octal numbers; write \"0\(member.value.asInt)\""
            refuse(.wrongType, "'mode' must be text", at: member.value, note: note)
            return nil
        }
        guard let digits = text(member) else { return nil }
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

    mutating func guards(_ member: Member) -> Guards? {
        guard let keys = members(of: member.value, "'\(member.name)'", ProjectSchema.guards) else { return nil }
        var guards = Guards()
        guards.minServers = value(GuardKeys.minServers, keys)
        guards.maxRemoved = value(GuardKeys.maxRemoved, keys)
        guards.requireServices = value(GuardKeys.requireServices, keys) ?? false
        return guards
    }
}

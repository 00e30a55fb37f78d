import HADelivery
import HAServices

// What the options of the state mean.
extension ParsedArguments {
    var stateFolder: String { value(of: .state) ?? ProjectFile.defaultStateFolder }

    /// The table that an option names.
    func table(of option: OptionName) throws(UsageError) -> TableName? {
        guard let name = value(of: option) else { return nil }
        return try table(named: name)
    }

    func table(named name: String) throws(UsageError) -> TableName {
        guard let table = TableName(name) else { throw usage(.badTable(name)) }
        return table
    }

    /// The table of `--table`; nil when none is given.
    func storedTable(defaultFolder: String) throws(UsageError) -> RenderInput.StoredTable? {
        guard let name = try table(of: .table) else { return nil }
        return .init(folder: value(of: .state) ?? defaultFolder, name: name)
    }

    /// The sources whose Config is trusted.
    var trustedSources: Set<ConfigSource> { Set(values(of: .trustConfig).compactMap(ConfigSource.init)) }

    /// `--lock-timeout` in milliseconds.
    func lockTimeout() throws(UsageError) -> Int {
        guard let text = value(of: .lockTimeout) else { return 10_000 }
        guard let seconds = Double(text), seconds.isFinite, seconds >= 0, seconds <= 86_400 else {
            throw usage(
                .numberNotAllowed(option: "--lock-timeout", value: text, allowed: "seconds from 0 to 86400"))
        }
        return Int(seconds * 1000)
    }

    /// `--history`, how many revisions are kept.
    func keptHistory() throws(UsageError) -> Int {
        guard let text = value(of: .history) else { return StateTransaction.defaultHistory }
        return try number(text, option: "--history", allowed: 1...1_000_000)
    }

    /// A revision, as an option or an operand.
    func revision(_ text: String, option: String) throws(UsageError) -> Int {
        try number(text, option: option, allowed: 1...Int.max)
    }

    private func number(_ text: String, option: String, allowed: ClosedRange<Int>) throws(UsageError) -> Int {
        let isDigits = text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
        guard isDigits, let number = Int(text), allowed.contains(number) else {
            let words =
                allowed.upperBound == .max
                ? "a number from \(allowed.lowerBound) on"
                : "a number from \(allowed.lowerBound) to \(allowed.upperBound)"
            throw usage(.numberNotAllowed(option: option, value: text, allowed: words))
        }
        return number
    }

    private func usage(_ mistake: UsageError.Mistake) -> UsageError {
        UsageError(mistake: mistake, commandPath: commandPath)
    }
}

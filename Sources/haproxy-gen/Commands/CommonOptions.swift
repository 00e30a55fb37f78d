/// The options that every command has.
extension Options {
    static let color = Option(
        "color", .choice(), default: ColorChoice.auto,
        help: "Color in messages; auto: on a terminal, unless NO_COLOR is set")
    static let help = Option("help", short: "h", help: "Show this help and exit")
    /// Of the program alone.
    static let version = Option("version", help: "Show the version and exit")

    static let common: [any DeclaredOption] = [color, help]
}

import Testing

@testable import haproxy_gen

@Suite("Console")
struct ConsoleTests {
    @Test(
        "color",
        arguments: [
            (.auto, true, ["TERM": "xterm"], true),
            (.auto, false, ["TERM": "xterm"], false),
            (.auto, true, ["TERM": "dumb"], false),
            (.auto, true, [:], false),
            (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false),
            (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true),
            (.always, false, ["NO_COLOR": "1", "TERM": "dumb"], true),
            (.never, true, ["TERM": "xterm"], false),
        ] as [(ColorChoice, Bool, [String: String], Bool)])
    func color(_ choice: ColorChoice, _ isTerminal: Bool, _ environment: [String: String], _ expected: Bool) {
        #expect(choice.usesColor(onTerminal: isTerminal, environment: { environment[$0] }) == expected)
    }

    @Test(
        "control characters in messages",
        arguments: [
            ("plain ä 日本", "plain ä 日本"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("\u{1B}[31m", "\\u{1b}[31m"),
            ("\u{9B}31m", "\\u{9b}31m"), ("\0\u{7F}", "\\u{0}\\u{7f}"), ("a\r\nb", "a\\r\\nb"),
        ])
    func printable(_ text: String, _ expected: String) {
        #expect(Console.printable(text) == expected)
    }
}

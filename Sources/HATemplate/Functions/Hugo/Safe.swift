/// `raw`, which trusts a text, and Hugo's `safe`: there they mark text as safe for HTML and its kin; here they give the
/// text as it is.
extension Function {
    static let safe: [Function] =
        [raw]
        + [
            ("HTML", "Html"), ("HTMLAttr", "HtmlAttr"), ("CSS", "Css"), ("JS", "Js"), ("JSStr", "JsStr"),
            ("URL", "Url"),
        ].map { name, spelling2016 in
            Function(
                "safe.\(name)", aliases: ["safe\(name)", "safe\(spelling2016)"], [.init("text", [.scalar, .nil])],
                result: .string,
                summary: "The value as text, unchanged; for templates that come from Hugo",
                example: "{{ safe\(name) \"a&b\" }}"
            ) { (arguments, context) throws(RuntimeError) in
                let text = try context.text(arguments, 0)
                return name == "HTML" ? text.markup : text
            }
        }

    /// The one way to write text from data into a configuration as it is.
    private static let raw = Function(
        "raw", [.init("text", [.scalar, .nil])], result: .string,
        summary: "The value as text that a dialect writes as it is, without quoting or refusing anything",
        example: #"{{ raw "option forwardfor" }}"#
    ) { (arguments, context) throws(RuntimeError) in
        try context.text(arguments, 0).trusted
    }
}

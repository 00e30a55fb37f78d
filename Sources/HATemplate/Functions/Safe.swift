/// Hugo's `safe`: there they mark text as safe for HTML and its kin; here nothing is escaped, and they give the text.
extension Function {
    static let safe: [Function] = [
        ("HTML", "Html"), ("HTMLAttr", "HtmlAttr"), ("CSS", "Css"), ("JS", "Js"), ("JSStr", "JsStr"), ("URL", "Url"),
    ].map { name, spelling2016 in
        Function(
            "safe.\(name)", aliases: ["safe\(name)", "safe\(spelling2016)"], [.init("text", [.scalar, .nil])],
            result: .string,
            summary: "The value as text, unchanged; for templates that come from Hugo",
            example: "{{ safe\(name) \"a&b\" }}"
        ) { (arguments, context) throws(RuntimeError) in
            try context.text(arguments, 0)
        }
    }
}

import Testing

@testable import HATemplate

/// What the checker refuses, and where.
@Suite struct ErrorTests {
    typealias Row = (template: String, findings: [String])

    /// The template, checked with one service as its dot, and what is found.
    static let members: [Row] = [
        ("{{.Id}}", []),
        ("{{.Idd}}", ["1:3 unknown-field"]),
        ("a\n  {{.hosts}}", ["2:5 unknown-field"]),
        ("{{.Hosts.Ip}}", ["1:3 unknown-field"]),
        ("{{.Id.x}}", ["1:3 unknown-field"]),
        ("{{.Port.x.y}}", ["1:3 unknown-field"]),
        ("{{.Id 1}}", ["1:3 not-a-function"]),
        ("{{1 | .Id}}", ["1:7 not-a-function"]),
        ("{{.ListenPort}}", []),
        ("{{.ListenPort 1}}", ["1:3 wrong-argument-count"]),
        ("{{.Nope 1}}", ["1:3 unknown-field"]),
        ("{{.Id.x 1}}", ["1:3 unknown-field"]),
        ("{{$.Nope}}", ["1:3 unknown-field"]),
        ("{{(.Hosts).Ip}}", ["1:4 unknown-field"]),
        ("{{(index .Hosts 0).Ip}}", []),
        ("{{(index .Hosts 0).Ipp}}", ["1:4 unknown-field"]),
        ("{{.Nope}}{{.Nope2}}", ["1:3 unknown-field", "1:12 unknown-field"]),
        ("{{.Nope.a.b.c}}", ["1:3 unknown-field"]),
        (
            "{{if .Nope}}{{.Nope2}}{{else}}{{.Nope3}}{{end}}",
            ["1:6 unknown-field", "1:15 unknown-field", "1:33 unknown-field"]
        ),
        ("{{range .Hosts}}{{.Id}}{{.Domains}}{{end}}", ["1:26 unknown-field"]),
        ("{{range .Hosts}}{{$.Domains}}{{$.Ip}}{{end}}", ["1:32 unknown-field"]),
        ("{{range .Hosts}}{{else}}{{.Ip}}{{end}}", ["1:27 unknown-field"]),
        ("{{range $i, $h := .Hosts}}{{$h.Nope}}{{$i.x}}{{end}}", ["1:29 unknown-field", "1:40 unknown-field"]),
        ("{{with .Hosts}}{{.Ip}}{{end}}", ["1:18 unknown-field"]),
        ("{{with index .Hosts 0}}{{.Ip}}{{.Nope}}{{end}}", ["1:33 unknown-field"]),
        ("{{with $h := index .Hosts 0}}{{$h.Nope}}{{end}}", ["1:32 unknown-field"]),
        ("{{$h := index .Hosts 0}}{{$h.Nope}}", ["1:27 unknown-field"]),
        ("{{$x := .Id}}{{$x.y}}", ["1:16 unknown-field"]),
        ("{{.Attributes.team}}", ["1:3 warning may-be-absent"]),
        ("{{index .Attributes \"team\"}}", []),
        ("{{with index .Attributes \"team\"}}{{.anything}}{{end}}", []),
    ]

    static let arguments: [Row] = [
        ("{{len .Hosts}} {{len .Id}} {{len .Attributes}}", []),
        ("{{len .Port}}", ["1:7 wrong-argument"]),
        ("{{len nil}}", ["1:7 wrong-argument"]),
        ("{{.Port | len}}", ["1:11 wrong-argument"]),
        ("{{len}}", ["1:3 wrong-argument-count"]),
        ("{{len 1 2}}", ["1:3 wrong-argument-count"]),
        ("{{not}}", ["1:3 wrong-argument-count"]),
        ("{{ne .Id}}", ["1:3 wrong-argument-count"]),
        ("{{eq .Id}}", ["1:3 wrong-argument-count"]),
        ("{{print (len .Port)}}", ["1:14 wrong-argument"]),
        ("{{index .Hosts \"a\"}}", ["1:16 wrong-argument"]),
        ("{{index .Hosts 0 0}}", ["1:9 wrong-argument"]),
        ("{{index .Attributes 1}}", ["1:21 wrong-argument"]),
        ("{{$x := \"a\"}}{{if .Id}}{{$x = 1}}{{end}}{{index .Attributes $x}}", ["1:49 warning may-fail"]),
        ("{{index .Port 1}}", ["1:9 wrong-argument"]),
        ("{{index nil 1}}", ["1:9 nil-value"]),
        ("{{index .Id 0}}", []),
        ("{{index .Domains 0 0}}", []),
        ("{{index .Labels .Port}}", ["1:17 wrong-argument"]),
        ("{{printf .Port}}", ["1:10 wrong-argument"]),
        ("{{slice .Id 1 2}}", []),
        ("{{slice .Id 1 2 3}}", ["1:3 wrong-argument"]),
        ("{{slice .Domains 1 2 3}}", []),
        ("{{slice .Domains 1 2 3 4}}", ["1:3 wrong-argument-count"]),
        ("{{upper .Hosts}}", ["1:9 wrong-argument"]),
        ("{{.Hosts | upper}}", ["1:12 wrong-argument"]),
        ("{{upper .Id}} {{upper 5}} {{upper nil}}", []),
        ("{{.Hosts | first \"x\" | len}}", []),
        ("{{first 1 .Port}}", ["1:11 wrong-argument"]),
        ("{{(index (first 1 .Hosts) 0).Nope}}", ["1:4 unknown-field"]),
        ("{{range sort .Hosts \"Ip\"}}{{.Nope}}{{end}}", ["1:29 unknown-field"]),
        ("{{range where .Hosts \"Port\" 80}}{{.Ip}}{{.Nope}}{{end}}", ["1:42 unknown-field"]),
        ("{{dict \"a\"}}", ["1:3 wrong-argument-count"]),
        ("{{dict 1 2}}", ["1:8 wrong-argument"]),
        ("{{(dict \"a\" 1).b}}", ["1:4 missing-key"]),
        ("{{(dict \"a\" .Hosts).a.x}}", ["1:4 unknown-field"]),
        ("{{append 1 .Id}}", ["1:12 wrong-argument"]),
        ("{{add 1 .Id}}", ["1:7 wrong-argument"]),
        ("{{add 1 .Port | len}}", ["1:17 wrong-argument"]),
        ("{{call .Id}}", ["1:3 not-a-function"]),
        ("{{5 .Id}}", ["1:3 not-a-function"]),
        ("{{. .Id}}", ["1:3 not-a-function"]),
        ("{{$x := 1}}{{$x .Id}}", ["1:14 not-a-function"]),
        ("{{(1) 2}}", ["1:4 not-a-function"]),
        ("{{nil}}", ["1:3 nil-value"]),
        ("{{9223372036854775808}}", ["1:3 bad-number"]),
        ("{{(time .Id).Nope}}", ["1:4 unknown-field"]),
        ("{{(time .Id).Year}}", []),
        ("{{join .Domains \",\"}}", []),
        ("{{param 5}}", ["1:9 wrong-argument"]),
    ]

    static let comparisons: [Row] = [
        ("{{eq .Id \"a\"}}", []),
        ("{{eq .Id 1}}", ["1:3 cannot-compare"]),
        ("{{eq .Port \"80\"}}", ["1:3 cannot-compare"]),
        ("{{eq .Port 80.0}}", ["1:3 cannot-compare"]),
        ("{{eq .Hosts .Hosts}}", ["1:3 cannot-compare"]),
        ("{{eq .Hosts nil}}", []),
        ("{{eq . .}}", ["1:3 cannot-compare"]),
        ("{{with index .Hosts 0}}{{if eq . .}}x{{end}}{{end}}", []),
        ("{{ne .Active \"x\"}}", ["1:3 cannot-compare"]),
        ("{{eq .Active true}}", []),
        ("{{lt .Active true}}", ["1:3 cannot-compare"]),
        ("{{lt .Port 80}} {{ge .Id \"a\"}} {{le .Weight 1.5}}", []),
        ("{{lt .Port .Id}}", ["1:3 cannot-compare"]),
        ("{{gt .Hosts 1}}", ["1:3 cannot-compare"]),
        ("{{gt nil 1}}", ["1:3 cannot-compare"]),
        ("{{eq nil .Port}}", []),
        ("{{eq .Id \"a\" 1}}", ["1:3 cannot-compare"]),
        ("{{.Port | eq \"a\"}}", ["1:11 cannot-compare"]),
        ("{{eq (len .Id) .Id}}", ["1:3 cannot-compare"]),
        ("{{compare.Eq .Port \"80\"}}", []),
        ("{{if and .Hosts (eq .Port .Id)}}{{end}}", ["1:18 cannot-compare"]),
    ]

    static let loops: [Row] = [
        ("{{range .Id}}{{end}}", ["1:9 cannot-range"]),
        ("{{range .Port}}{{end}}", []),
        ("{{range $i, $v := .Port}}{{$i}}{{$v}}{{end}}", ["1:9 cannot-range"]),
        ("{{range .Active}}{{end}}", ["1:9 cannot-range"]),
        ("{{range .Weight}}{{end}}", ["1:9 cannot-range"]),
        ("{{range .}}{{end}}", ["1:9 cannot-range"]),
        ("{{range $k, $v := .Labels}}{{$k | upper}}{{$v.x}}{{end}}", ["1:44 unknown-field"]),
        ("{{range .Labels}}{{. | upper}}{{end}}", []),
        ("{{range nil}}{{end}}", ["1:9 nil-value"]),
        ("{{range $x := .Hosts}}{{$x.Nope}}{{end}}", ["1:25 unknown-field"]),
        ("{{range 3}}{{.x}}{{end}}", ["1:14 unknown-field"]),
    ]

    static let templates: [Row] = [
        ("{{template \"no\" .}}", ["1:12 undefined-template"]),
        ("{{partial \"no\" .}}", ["1:11 undefined-template"]),
        ("{{partial .Port .}}", ["1:11 wrong-argument"]),
        ("{{define \"a\"}}{{.Nope}}{{end}}{{template \"a\" .}}", ["1:17 unknown-field"]),
        ("{{define \"a\"}}{{.Ip}}{{end}}{{range .Hosts}}{{template \"a\" .}}{{end}}", []),
        (
            "{{define \"a\"}}{{.Ip}}{{end}}{{range .Hosts}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
            ["1:17 unknown-field"]
        ),
        ("{{define \"a\"}}{{.x}}{{end}}{{template \"a\"}}", ["1:17 nil-value"]),
        ("{{block \"b\" .Hosts}}{{.Ip}}{{end}}", ["1:23 unknown-field"]),
        ("{{define \"a\"}}{{return .Hosts}}{{end}}{{(partial \"a\" .).x}}", ["1:42 unknown-field"]),
        (
            "{{define \"a\"}}{{return .Hosts}}{{end}}{{range partial \"a\" .}}{{.Ip}}{{.x}}{{end}}",
            ["1:71 unknown-field"]
        ),
        ("{{define \"a\"}}x{{end}}{{(partial \"a\" .).x}}", ["1:26 unknown-field"]),
        (
            "{{define \"a\"}}{{if .Port}}{{return 5}}{{end}}{{return 6}}{{end}}{{len (partial \"a\" .)}}",
            ["1:72 wrong-argument"]
        ),
        ("{{define \"a\"}}{{if .Port}}{{return 5}}{{end}}x{{end}}{{len (partial \"a\" .)}}", ["1:61 warning may-fail"]),
        ("{{return 1}}", ["1:3 outside-partial"]),
        ("{{define \"t\"}}{{return 1}}{{end}}{{template \"t\" .}}", ["1:17 outside-partial"]),
        (
            "{{define \"t\"}}{{return 1}}{{end}}{{define \"p\"}}{{template \"t\" .}}{{end}}{{upper (partial \"p\" .)}}",
            []
        ),
        (
            "{{define \"t\"}}{{return .Hosts}}{{end}}{{define \"p\"}}{{template \"t\" .}}{{end}}{{upper (partial \"p\" .)}}",
            ["1:87 wrong-argument"]
        ),
        ("{{partial (print \"a\" .Id) .}}", []),
    ]

    static let recursion: [Row] = [
        ("{{define \"a\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}", ["1:26 endless-recursion"]),
        ("{{define \"a\"}}{{if .Port}}{{template \"a\" .}}{{end}}{{end}}{{template \"a\" .}}", []),
        (
            "{{define \"a\"}}{{if .Port}}{{template \"a\" .}}{{else}}{{template \"a\" .}}{{end}}{{end}}{{template \"a\" .}}",
            ["1:38 endless-recursion"]
        ),
        (
            "{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
            ["1:26 endless-recursion"]
        ),
        ("{{define \"a\"}}{{range .Hosts}}{{template \"a\" $}}{{end}}{{end}}{{template \"a\" .}}", []),
        ("{{define \"a\"}}{{partial \"a\" .}}{{end}}{{partial \"a\" .}}", ["1:25 endless-recursion"]),
        ("{{define \"a\"}}{{if .Port}}{{return 1}}{{end}}{{partial \"a\" .}}{{end}}{{partial \"a\" .}}", []),
        ("{{define \"a\"}}{{and .Port (partial \"a\" .)}}{{end}}{{partial \"a\" .}}", []),
        ("{{define \"a\"}}{{and (partial \"a\" .) .Port}}{{end}}{{partial \"a\" .}}", ["1:30 endless-recursion"]),
        ("{{template \"t\" .}}", ["1:12 undefined-template"]),
        ("{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}x{{end}}{{template \"a\" .}}", []),
    ]

    static let formats: [Row] = [
        ("{{printf \"%s:%d\" .Id .Port}}", []),
        ("{{printf \"%d\" .Id}}", ["1:15 wrong-verb"]),
        ("{{printf \"%s\" .Port}}", ["1:15 wrong-verb"]),
        ("{{printf \"%s\" .Domains}}", []),
        ("{{printf \"%d\" .Domains}}", ["1:15 wrong-verb"]),
        ("{{printf \"%s\" .Active}}", ["1:15 wrong-verb"]),
        ("{{printf \"%t\" .Active}}", []),
        ("{{printf \"%5.1f\" .Weight}}", []),
        ("{{printf \"%d\" .Weight}}", ["1:15 wrong-verb"]),
        ("{{printf \"%v %v\" .Id}}", ["1:10 printf-arguments"]),
        ("{{printf \"%v\" .Id .Port}}", ["1:19 printf-arguments"]),
        ("{{printf \"%v %[1]v\" .Id}}", []),
        ("{{printf \"%[3]v\" .Id}}", ["1:10 printf-arguments"]),
        ("{{printf \"100%\" }}", ["1:10 wrong-verb"]),
        ("{{printf \"100%%\"}}", []),
        ("{{printf \"%*d\" .Id .Port}}", ["1:16 wrong-verb"]),
        ("{{printf \"%*d\" 5 .Port}}", []),
        ("{{printf \"%z\" .Id}}", ["1:15 wrong-verb"]),
        ("{{.Port | printf \"%s\"}}", ["1:11 wrong-verb"]),
        ("{{$f := \"%d\"}}{{printf $f .Id}}", ["1:27 wrong-verb"]),
        ("{{printf .Id .Port}}", []),
        ("{{printf \"%s\" .}}", ["1:15 warning wrong-verb"]),
        ("{{printf \"%+v\" .}}", []),
        ("{{errorf \"%d\" .Id}}", ["1:15 wrong-verb"]),
        ("{{printf \"%q\" .Attributes}}", []),
    ]

    static let variables: [Row] = [
        ("{{$x := 1}}{{$x = \"a\"}}{{upper $x}}{{$x.y}}", ["1:38 unknown-field"]),
        ("{{$x := \"\"}}{{if .Port}}{{$x = .Hosts}}{{end}}{{upper $x}}", ["1:55 warning may-fail"]),
        ("{{$x := \"\"}}{{if .Port}}{{$x = .Id}}{{end}}{{upper $x}}", []),
        ("{{$x := 1}}{{if .Port}}{{$x = .Hosts}}{{else}}{{$x = .Domains}}{{end}}{{upper $x}}", ["1:79 wrong-argument"]),
        ("{{$x := 1}}{{range .Hosts}}{{len $x}}{{$x = .Ip}}{{end}}", ["1:34 warning may-fail"]),
        ("{{$x := \"\"}}{{range .Hosts}}{{len $x}}{{$x = .Ip}}{{end}}", []),
        (
            "{{$x := 1}}{{range .Hosts}}{{range .Ip | len}}{{$x = $.Domains}}{{end}}{{end}}{{$x.y}}",
            ["1:81 unknown-field"]
        ),
        ("{{$x := 1}}{{range .Hosts}}{{$x = .Nope}}{{end}}{{$x.y}}", ["1:35 unknown-field"]),
        ("{{$a := 1}}{{$b := 1}}{{range .Hosts}}{{$a = $b}}{{$b = .Ip}}{{end}}{{len $a}}", ["1:75 warning may-fail"]),
        ("{{range $x := .Hosts}}{{$x = .Ip}}{{$x.y}}{{end}}", ["1:37 unknown-field"]),
        ("{{$x := 1}}{{range $x = .Hosts}}{{end}}{{$x.Ip}}", ["1:42 warning may-fail"]),
        ("{{$l := slice}}{{range .Hosts}}{{$l = append .Ip $l}}{{end}}{{range $l}}{{upper .}}{{end}}", []),
        ("{{if $x := .Id}}{{$x.y}}{{else}}{{$x.z}}{{end}}", ["1:19 unknown-field", "1:35 unknown-field"]),
    ]

    static let all: [[Row]] = [members, arguments, comparisons, loops, templates, recursion, formats, variables]

    @Test(arguments: all.flatMap { $0 })
    func finds(row: Row) throws {
        let found = try check(row.template, Model.one)
        #expect(found == row.findings, "\(row.template): \(found)")
    }
}

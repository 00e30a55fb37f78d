import HAServices
import HATemplate

enum ServiceFuzz {
    static func complaint(_ input: [UInt8]) -> String? {
        let files = pieces(of: input, atMost: 3)
        do {
            let document = try read(files, trustsConfig: false)
            for file in files {
                guard (try? Document.json(name: "f", bytes: file)) != nil else { return "services that are no JSON" }
            }
            return roundTrip(document)
        } catch {
            if error.items.isEmpty { return "refused without a reason" }
            return Fuzz.complaint(about: error.items)
        }
    }

    static func read(_ files: [[UInt8]], trustsConfig: Bool) throws(Diagnostics) -> Document {
        var reader = ServiceReader()
        for (index, file) in files.enumerated() {
            reader.addFile(name: "\(index).json", bytes: file, trustsConfig: trustsConfig)
        }
        return try reader.finish()
    }

    /// Services that were read are written as a file that says the same.
    static func roundTrip(_ document: Document) -> String? {
        let text = ServiceList(document).listText()
        do {
            let again = try read([text], trustsConfig: true)
            if again.json(of: again.root) != document.json(of: document.root) { return "read again they differ" }
            return ServiceList(again).listText() == text ? nil : "written again they differ"
        } catch {
            return "what is written is refused: \(error)"
        }
    }
}

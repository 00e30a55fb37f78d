/// Singular and plural of English words, as Hugo's library flect has them.
///
/// A word follows the rule with the longest end that fits it. The rules were found by asking Hugo 0.168 for the plural
/// and the singular of every word of a large dictionary.
enum Inflection {
    typealias Word = [UInt8]

    static func pluralize(_ text: String) -> String { inflect(text, plurals) ?? "" }

    static func singularize(_ text: String) -> String { inflect(text, singulars) ?? text }

    /// Inflects the last word of a text, when it stands at the end; nil when there is no word.
    private static func inflect(_ text: String, _ rules: Rules) -> String? {
        let original = Array(text.utf8)
        var last: [Unicode.Scalar] = []
        original.withUnsafeBufferPointer { bytes in
            let name = bytes[Trimming.trimmed(bytes, [.start, .end], Trimming.isSpace)]
            Humanizing.forEachWord(of: DecodedScalars(bytes: UnsafeBufferPointer(rebasing: name))) { last = $0 }
        }
        guard let first = last.first else { return nil }
        let word = original.suffix(bytes(last).count)
        // An abbreviation may be written in small letters.
        guard word.map(upper) == bytes(last).map(upper) else { return text }
        let decisive: Word
        if Humanizing.isAbbreviation(last), !Humanizing.isAbbreviation(last.dropLast()) {
            decisive = bytes(last)
        } else {
            // A capital at the start is no obstacle, capitals elsewhere are.
            decisive = bytes([CaseMapping.lower(first)]) + word.dropFirst(bytes([first]).count)
        }
        let (cut, ending) = rules.change(of: decisive)
        return String(decoding: original.dropLast(cut) + ending, as: UTF8.self)
    }

    private static func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }

    private static func bytes(_ scalars: [Unicode.Scalar]) -> Word {
        var word: Word = []
        for scalar in scalars { word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
        return word
    }

    // MARK: Rules

    private struct Rules: Sendable {
        /// What words get that no rule fits.
        let ending: Word
        private var ends: [Word: Word] = [:]
        private var wholes: [Word: Word] = [:]
        private var longest = 0

        /// `end>replacement`, or `end` alone for one that stays; with `^` for whole words.
        init(_ text: String, ending: String) {
            self.ending = Array(ending.utf8)
            for rule in text.split(separator: " ") {
                let isWhole = rule.first == "^"
                let parts = rule.drop { $0 == "^" }.split(separator: ">", omittingEmptySubsequences: false).map {
                    Array($0.utf8)
                }
                guard let end = parts.first, let replacement = parts.last else { continue }
                if isWhole { wholes[end] = replacement } else { ends[end] = replacement }
                longest = max(longest, end.count)
            }
        }

        /// How many bytes to take off a word, and what to add; what both begin with stays, a capital perhaps.
        func change(of word: Word) -> (cut: Int, ending: Word) {
            guard let (end, replacement) = rule(for: word) else { return (0, ending) }
            let shared = zip(end, replacement).prefix { $0 == $1 }.count
            return (end.count - shared, Word(replacement.dropFirst(shared)))
        }

        private func rule(for word: Word) -> (end: Word, replacement: Word)? {
            if let replacement = wholes[word] { return (word, replacement) }
            for length in stride(from: min(longest, word.count), to: 0, by: -1) {
                let end = Word(word.suffix(length))
                if let replacement = ends[end] { return (end, replacement) }
            }
            return nil
        }
    }

    private static let plurals = Rules(
        """
        ^alias>aliases ^axis>axes ^dice ^die>dice ^lice ^louse>lice ^ox>oxen ^oxen acti actus>acti adius>adii \
        agenda>agendas ano>anos anta apex>apices arva>arvae ata atum>ata axa ay>ays basis>bases beef bison bra \
        brum>bra bula>bulae bulae ch>ches cilli cillus>cilli clei cleus>clei cocci coccus>cocci cortex>cortexes \
        cra crisis>crises crum>cra cta ctopi ctum>cta da dalia>dalias deer dieu>dieux dieus dieux dii dix>dices \
        dren drion>dria dula>bulae dum>da ea eaf>eaves eau>eaux eaux ebrae edron>edra eeth ela elix>elices \
        elum>ela enera enesis>eneses enta erna ernum>erna erson>eople erum>era estis>estes eta etiae>etiaes \
        etum>eta eum>ea ey>eys ez>ezzes fe>ves feet ffalo>ffaloes fish fiti focus>foci foot>feet geese \
        genus>genera glion>glia gna gnosis>gnoses gnum>gna goose>geese hedra hild>hildren hrimp human>humans ia \
        iasis>iases iau>iaux iaux ila ilum>ila ima imum>ima index>indices inesis>ineses information io>ios \
        ipsis>ipses ircraft ita itae iterion>iteria ium>ia iz>izzes labi labus>labi lf>lves lla llum>lla lmon \
        lo>los locus>loci lula>bulae man>men men mesis>meses mice mna>mnae mnae mni mnus>mni money moose \
        mouse>mice mulae nomena nomenon>nomena ntum>nta nula>bulae nutia>nutiae o>oes oa oaf>oaves oasis>oases oci \
        odex>odices ola olice olum>ola omato>omatoes oo>oos ople opsis>opses orpus>orpora ota otato>otatoes \
        otex>otexes otum>ota oum>oa ova oy>oys padix>padixes paz>pazes quy>quies reaus rentia>rentiae resis>reses \
        rf>rves rice riculum>riculums rmula>rmulas roci>rocis rpora rvae s sera seum>seums sh>shes sheep ss>sses \
        swine tadium>tadiums taxon>taxa tebra>tebrae tera tex>tices thesis>theses thief>thieves tiae to>tos \
        tooth>teeth topus>tupuses tra trix>trices trout trum>tra tuna tz>tzes uipment ula ulum>ula umena \
        umenon>umena uota>uotas ureau>ureaus us>uses uta utum>uta uva>uvae uy>uys vita>vitae vula>bulae vum>va \
        warf>warfs x>xes xica xicon>xica y>ies yla ylum>yla you ysis>yses zz>zzes S>Ses
        """, ending: "s")

    private static let singulars = Rules(
        """
        ^alias ^axes>axis ^axis ^basis ^dice>die ^lice>louse ^oxen>ox ^toes>toe ^uses>use abuses>abuse aches>ache \
        acti>actus agenda aliases>alias anta>antum apices>apex arves>arf ata>atum atices>atex auses>ause axa>axon \
        blues bra>brum bula bulae>bula ches>ch cilli>cillus clei>cleus cocci>coccus codices>codex cookies>cookie \
        cra>crum crises>crisis crisis cruses>cruse cta>ctum ctopi>ctopus da>dum dalia dieus>dieu dieux>dieu \
        dii>dius dren>d dula ea>eum eaux>eau eaves>eaf ebrae>ebra eeth>ooth ela>elum elices>elix endices>endix \
        enera>enus eneses>enesis enesis enta>entum erna>ernum ertices>ertex estes>estis estis eta>etum etiae \
        ezzes>ez feet>foot fuses>fuse geese>goose gna>gnum gnoses>gnosis gnosis hassis hedra>hedron hives>hive \
        hooves>hoof ia>ium iases>iasis iasis iaux>iau ies>y ila>ilum ima>imum indices>index ineses>inesis inesis \
        ipsis ita>itum itae>ita iteria>iterion izzes>iz jeans labi>labus lla>llum lula lves>lf media men>man \
        meses>mesis mesis mice>mouse misuses>misuse mnae>mna mni>mnus moves>move movies>movie mulae>mula \
        muses>muse news nglia>nglion nomena>nomenon nula nutia oa>oum oases>oasis oasis oaves>oaf oci>ocus oes>o \
        ola>olum ople>rson opses>opsis opsis ota>otum ouses>ouse ova>ovum pazes>paz pecies radices>radix \
        reaus>reau rentia reses>resis resis rmula roci rpora>rpus rvae>rva s> sera>serum series shes>sh shoes>shoe \
        ss sses>ss tebra tera>terum theses>thesis thesis thieves>thief tiae>tia tives>tive tochondria>tochondrion \
        tra>trum trices>trix tzes>tz ula>ulum umena>umenon uota us uses>us uta>utum ves>fe vita vortices>vortex \
        vula xcuses>xcuse xes>x xica>xicon yla>ylum yses>ysis ysis zzes>zz Ses>S
        """, ending: "")
}

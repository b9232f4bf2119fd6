// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/text/tokenizer_folder.h"

#include <QByteArray>
#include <QTest>
#include <limits>

using namespace tintype;
using namespace tintype::text;
using Ids = std::vector<std::int64_t>;

namespace {

constexpr std::uint64_t kControl = 3;
constexpr std::uint64_t kUserDefined = 4;

/// Ids 0 pad, 1 end, 2 unknown, 3 ▁, 4 ▁ab, 5 a, 6 b, 7 ab, 8 ▁a
std::string pieces()
{
    using protobuf::piece;
    return piece("<pad>", 0, kControl) + piece("</s>", 0, kControl) + piece("<unk>", 0, 2) + piece("▁", -2)
        + piece("▁ab", -3) + piece("a", -4) + piece("b", -4) + piece("ab", -3.5F) + piece("▁a", -3);
}

std::string withCharsmap(const std::string& charsmap)
{
    return pieces() + protobuf::bytesField(3, protobuf::bytesField(1, "rules") + protobuf::bytesField(2, charsmap));
}

Ids encode(const TokenizerFolder& folder, std::string_view text, int maxLength = 8)
{
    const auto tokenizer = folder.load(TokenizerKind::T5);
    if (!tokenizer) {
        qWarning("%s", tokenizer.error().message.c_str());
        return {};
    }
    const auto encoded = (*tokenizer)->encode(text, maxLength);
    return encoded ? encoded->ids : Ids{};
}

std::string tokenizerFile(const std::string& normalizer, const std::string& vocabulary)
{
    return R"({"added_tokens": [], "normalizer": )" + normalizer
        + R"(, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"},
              "model": {"type": "Unigram", "unk_id": 0, "vocab": )"
        + vocabulary + "}}";
}

constexpr const char* kVocabulary = R"([["<pad>", 0], ["</s>", 0.0], ["<unk>", 0.0], ["▁", -2.0], ["▁a", -1e0]])";

} // namespace

class T5TokenizerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesTheMostProbablePieces();
    void fusesUnknownCharacters();
    void markInTheTextBeginsAPiece();
    void extraIdsFollowThePieces();
    void userDefinedPiecesAreCutOut();
    void appliesTheCharsmap();
    void fileChoosesNeitherSchemeNorUnknown();
    void truncatesAndTellsWhatWasCut();
    void refusesLengths();
    void refusesSentencePiece_data();
    void refusesSentencePiece();
    void refusesFiles_data();
    void refusesFiles();
    void everyCutOffModelIsRefusedOrHarmless();
    void wildTrieIsHarmless();
    void survivesHostileText();

private:
    TokenizerFolder m_plain;

public:
    T5TokenizerTest() { m_plain.write("spiece.model", pieces()); }
};

void T5TokenizerTest::takesTheMostProbablePieces()
{
    QCOMPARE(encode(m_plain, "ab"), (Ids{4, 1, 0, 0, 0, 0, 0, 0}));
    QCOMPARE(encode(m_plain, " aab\t\nb "), (Ids{8, 7, 3, 6, 1, 0, 0, 0}));
    QCOMPARE(encode(m_plain, ""), (Ids{1, 0, 0, 0, 0, 0, 0, 0}));
    QCOMPARE(encode(m_plain, " \u3000", 1), (Ids{1}));
    QCOMPARE((*m_plain.load(TokenizerKind::T5))->largestId(), 108);
}

void T5TokenizerTest::fusesUnknownCharacters()
{
    QCOMPARE(encode(m_plain, "xyz"), (Ids{3, 2, 1, 0, 0, 0, 0, 0}));
    QCOMPARE(encode(m_plain, "xéabx b"), (Ids{3, 2, 7, 2, 3, 6, 1, 0}));
    QCOMPARE(encode(m_plain, "\xff\xff"), (Ids{3, 2, 1, 0, 0, 0, 0, 0}));
}

void T5TokenizerTest::markInTheTextBeginsAPiece()
{
    QCOMPARE(encode(m_plain, "▁▁ab▁"), (Ids{3, 4, 3, 1, 0, 0, 0, 0}));
}

void T5TokenizerTest::extraIdsFollowThePieces()
{
    QCOMPARE(encode(m_plain, "ab<extra_id_0>b</s>"), (Ids{4, 108, 3, 6, 1, 1, 0, 0}));
    TokenizerFolder folder;
    folder.write("spiece.model", pieces());
    folder.write("tokenizer_config.json", R"({"extra_ids": 2, "padding_side": "left"})");
    QCOMPARE(encode(folder, "<extra_id_1><extra_id_0>", 4), (Ids{0, 9, 10, 1}));
    QCOMPARE((*folder.load(TokenizerKind::T5))->largestId(), 10);
}

void T5TokenizerTest::userDefinedPiecesAreCutOut()
{
    TokenizerFolder folder;
    folder.write("spiece.model", pieces() + protobuf::piece("aa", 0, kUserDefined));
    QCOMPARE(encode(folder, "baab", 6), (Ids{3, 6, 9, 3, 6, 1}));
}

void T5TokenizerTest::appliesTheCharsmap()
{
    TokenizerFolder folder;
    folder.write("spiece.model", withCharsmap(charsmapOfOneRule()));
    QCOMPARE(encode(folder, "Ab", 3), (Ids{4, 1, 0}));
    // The rule's prefix matches, so that all of the grapheme is replaced.
    QCOMPARE(encode(folder, "A\u0301b", 3), (Ids{4, 1, 0}));
}

void T5TokenizerTest::fileChoosesNeitherSchemeNorUnknown()
{
    TokenizerFolder folder;
    folder.write("spiece.model", pieces());
    folder.write("tokenizer.json", tokenizerFile("null", kVocabulary));
    QCOMPARE(encode(folder, "a b", 6), (Ids{4, 3, 2, 1, 0, 0}));

    const QByteArray charsmap = QByteArray::fromStdString(charsmapOfOneRule()).toBase64();
    folder.write("tokenizer.json",
        tokenizerFile(R"({"type": "Sequence", "normalizers": [{"type": "Strip"}, {"type": "Precompiled",
            "precompiled_charsmap": ")" + charsmap.toStdString() + R"("}]})", kVocabulary));
    QCOMPARE(encode(folder, "A", 3), (Ids{4, 1, 0}));
}

void T5TokenizerTest::truncatesAndTellsWhatWasCut()
{
    const auto tokenizer = m_plain.load(TokenizerKind::T5);
    const auto encoded = (*tokenizer)->encode("ab a ab b", 3);
    QCOMPARE(encoded->ids, (Ids{4, 8, 1}));
    QCOMPARE(encoded->usedTokens, 3);
    QCOMPARE(QString::fromStdString(encoded->truncatedText), QStringLiteral("ab b"));
}

void T5TokenizerTest::refusesLengths()
{
    const auto tokenizer = m_plain.load(TokenizerKind::T5);
    for (const int length : {-1, 0, Tokenizer::kLongestSequence + 1}) {
        QCOMPARE((*tokenizer)->encode("ab", length).error().code, ErrorCode::InvalidArgument);
    }
}

void T5TokenizerTest::refusesSentencePiece_data()
{
    using protobuf::bytesField;
    using protobuf::piece;
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const std::string& content, const char* said) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(said);
    };
    row("empty", "", "has no pieces");
    row("text", "This is not a model", "not a sentencepiece model");
    row("too few", piece("<pad>", 0) + piece("</s>", 0), "has 2 tokens");
    row("no text", pieces() + bytesField(1, ""), "pieces[9] has no text");
    row("not UTF-8", pieces() + piece("\xff", 0), "pieces[9] is not UTF-8");
    row("not a number", pieces() + piece("x", std::numeric_limits<float>::quiet_NaN()), "pieces[9] has a score");
    row("infinite", pieces() + piece("x", std::numeric_limits<float>::infinity()), "pieces[9] has a score");
    row("inner cut", pieces() + bytesField(1, "\x0a\x7f"), "pieces[9] is cut off");
    row("repeated", pieces() + piece("ab", -1), "\"ab\" is there twice, again as id 9");
    row("length lies", pieces() + "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "cut off after 9 pieces");
    row("endless varint", pieces() + std::string(11, '\xff'), "cut off after 9 pieces");
    row("group", pieces() + "\x0b", "cut off after 9 pieces");
    row("field zero", pieces() + std::string("\x02\x00", 2), "cut off after 9 pieces");
    row("rules cut", pieces() + bytesField(3, "\x12\x09"), "normalizer_spec is cut off");
    row("no header", withCharsmap("abc"), "precompiled_charsmap is too short");
    row("trie too long", withCharsmap(std::string("\xff\xff\xff\xff", 4)), "says 4294967295 bytes of trie and has 0");
    row("no trie", withCharsmap(std::string("\0\0\0\0abc", 7)), "empty trie");
    row("bad text", withCharsmap(std::string("\4\0\0\0\0\0\0\0\xff", 9)), "not UTF-8");
}

void T5TokenizerTest::refusesSentencePiece()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, said);
    TokenizerFolder folder;
    folder.write("spiece.model", content.toStdString());
    const auto tokenizer = folder.load(TokenizerKind::T5);
    QVERIFY(!tokenizer);
    QCOMPARE(tokenizer.error().code, ErrorCode::Corrupt);
    const QString message = QString::fromStdString(tokenizer.error().message);
    QVERIFY2(message.contains(QString::fromUtf8(said)), qPrintable(message));
    QVERIFY2(message.contains(QStringLiteral("spiece.model")), qPrintable(message));
}

void T5TokenizerTest::refusesFiles_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const char* file, const std::string& content, const char* said) {
        QTest::newRow(name) << QByteArray(file) << QByteArray::fromStdString(content) << QByteArray(said);
    };
    const auto vocabulary = [](const std::string& list) { return tokenizerFile("null", list); };
    row("ids", "tokenizer.json", vocabulary(R"({"a": 0})"), "not a list of [token, score]");
    row("flat", "tokenizer.json", vocabulary(R"(["a", 0.5])"), "entry 0 is not [token, score]");
    row("swapped", "tokenizer.json", vocabulary(R"([[0.5, "a"]])"), "entry 0 is not [token, score]");
    row("one", "tokenizer.json", vocabulary(R"([["a"]])"), "entry 0 is not [token, score]");
    row("three", "tokenizer.json", vocabulary(R"([["a", 0, 1]])"), "is not [token, score]");
    row("text score", "tokenizer.json", vocabulary(R"([["a", "0"]])"), "entry 0 is not [token, score]");
    row("null score", "tokenizer.json", vocabulary(R"([["a", null]])"), "entry 0 is not [token, score]");
    row("huge score", "tokenizer.json", vocabulary(R"([["a", 1e999]])"), "not valid JSON");
    row("few", "tokenizer.json", vocabulary(R"([["a", 0], ["b", 0]])"), "has 2 tokens");
    row("repeated", "tokenizer.json", vocabulary(R"([["a", 0], ["b", 0], ["a", 1]])"), "\"a\" is there twice");
    row("base64", "tokenizer.json",
        tokenizerFile(R"({"type": "Precompiled", "precompiled_charsmap": "!!!!"})", kVocabulary), "not base64");
    row("charsmap type", "tokenizer.json",
        tokenizerFile(R"({"type": "Precompiled", "precompiled_charsmap": 7})", kVocabulary), "not base64");
    row("charsmap cut", "tokenizer.json",
        tokenizerFile(R"({"type": "Precompiled", "precompiled_charsmap": "AAAA"})", kVocabulary), "too short");
    row("extra ids", "tokenizer_config.json", R"({"extra_ids": -1})", "extra_ids = -1");
    row("many extra ids", "tokenizer_config.json", R"({"extra_ids": 1000000000})", "extra_ids = 1000000000");
    row("pad null", "special_tokens_map.json", R"({"pad_token": null})", "pad_token is null");
}

void T5TokenizerTest::refusesFiles()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, said);
    TokenizerFolder folder;
    folder.write("spiece.model", pieces());
    folder.write(file.toStdString(), content.toStdString());
    const auto tokenizer = folder.load(TokenizerKind::T5);
    QVERIFY(!tokenizer);
    const QString message = QString::fromStdString(tokenizer.error().message);
    QVERIFY2(message.contains(QString::fromUtf8(said)), qPrintable(message));
}

void T5TokenizerTest::everyCutOffModelIsRefusedOrHarmless()
{
    const std::string whole = pieces();
    TokenizerFolder folder;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        folder.write("spiece.model", std::string_view(whole).substr(0, size));
        const auto tokenizer = folder.load(TokenizerKind::T5);
        QVERIFY(!tokenizer || (*tokenizer)->encode("ab xyz", 8)); // a cut between two pieces leaves a smaller model
    }
}

void T5TokenizerTest::wildTrieIsHarmless()
{
    TokenizerFolder folder;
    std::uint32_t state = 1;
    for (int round = 0; round < 100; ++round) {
        std::string charsmap = charsmapOfOneRule();
        for (int flip = 0; flip < 400; ++flip) {
            state = state * 1664525U + 1013904223U;
            charsmap[4 + (state >> 8U) % 4096] = static_cast<char>(state >> 24U);
        }
        folder.write("spiece.model", withCharsmap(charsmap));
        const auto tokenizer = folder.load(TokenizerKind::T5);
        QVERIFY(tokenizer);
        QVERIFY((*tokenizer)->encode("The quick brown fox, AAAA bbbb ÄÖÜ 漢字 😀", 64));
    }
}

void T5TokenizerTest::survivesHostileText()
{
    TokenizerFolder folder;
    folder.write("spiece.model", withCharsmap(charsmapOfOneRule()));
    const auto tokenizer = folder.load(TokenizerKind::T5);
    for (const std::string& text : {std::string(100'000, 'a'), std::string(100'000, '<'), std::string(100'000, 'x'),
             std::string(10'000, '\0'), std::string(10'000, '\xf0'), std::string(100'000, '\r')}) {
        const auto encoded = (*tokenizer)->encode(text, 512);
        QVERIFY(encoded);
        QCOMPARE(encoded->ids.size(), std::size_t(512));
    }
}

QTEST_GUILESS_MAIN(T5TokenizerTest)
#include "tst_t5_tokenizer.moc"

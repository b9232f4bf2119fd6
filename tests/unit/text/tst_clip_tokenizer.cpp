// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/text/tokenizer_folder.h"

#include <QTest>

using namespace tintype;
using namespace tintype::text;
using Ids = std::vector<std::int64_t>;

namespace {

constexpr const char* kVocabulary = R"({"a": 0, "b": 1, "a</w>": 2, "b</w>": 3, "!</w>": 4, "ab</w>": 5, "!": 6,
    "1</w>": 7, "<|startoftext|>": 8, "<|endoftext|>": 9, "Ã": 10, "ł</w>": 11, "ï": 12, "¿": 13, "½</w>": 14})";
constexpr const char* kMerges = "#version: 0.2\na b</w>\n";

constexpr const char* kTokenizerFile = R"({"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
    "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
    "model": {"type": "BPE", "vocab": {"c": 0, "c</w>": 1, "cc</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4},
    "merges": [["c", "c</w>"]]}})";

Ids encode(const TokenizerFolder& folder, std::string_view text, int maxLength = 8)
{
    const auto tokenizer = folder.load(TokenizerKind::Clip);
    if (!tokenizer) {
        qWarning("%s", tokenizer.error().message.c_str());
        return {};
    }
    const auto encoded = (*tokenizer)->encode(text, maxLength);
    return encoded ? encoded->ids : Ids{};
}

} // namespace

class ClipTokenizerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void framesAndPadsWithEnd();
    void lowersComposesAndCollapses();
    void padTokenOfTheFilesIsCutOutOfThePrompt();
    void tokenizerJsonWins();
    void newTokensGetTheNextIds();
    void configTokensByIdSilenceOtherFiles();
    void truncatesAndTellsWhatWasCut();
    void paddingAndTruncationMayBeOnTheLeft();
    void specialTextMayBeOrdinary();
    void invalidUtf8BecomesReplacementCharacters();
    void unknownByteWithoutUnknownTokenFails();
    void refusesLengths_data();
    void refusesLengths();
    void refusesFiles_data();
    void refusesFiles();
    void refusesAbsentFiles();
    void refusesHugeFile();
    void everyCutOffFileIsRefused();
    void survivesHostileText();

private:
    TokenizerFolder m_plain;

public:
    ClipTokenizerTest()
    {
        m_plain.write("vocab.json", kVocabulary);
        m_plain.write("merges.txt", kMerges);
    }
};

void ClipTokenizerTest::framesAndPadsWithEnd()
{
    QCOMPARE(encode(m_plain, "ab b!", 8), (Ids{8, 5, 3, 4, 9, 9, 9, 9}));
    QCOMPARE(encode(m_plain, "", 3), (Ids{8, 9, 9}));
    QCOMPARE(encode(m_plain, " \t\n", 2), (Ids{8, 9}));
    const auto tokenizer = m_plain.load(TokenizerKind::Clip);
    QVERIFY(tokenizer);
    QCOMPARE((*tokenizer)->encode("ab", 8)->usedTokens, 3);
    QCOMPARE((*tokenizer)->modelMaxLength(), Tokenizer::kNoLimit);
    QCOMPARE((*tokenizer)->largestId(), 14);
}

void ClipTokenizerTest::lowersComposesAndCollapses()
{
    QCOMPARE(encode(m_plain, "AB \u00a0\u3000 B"), (Ids{8, 5, 3, 9, 9, 9, 9, 9}));
    // e with acute, taken apart, is two bytes C3 A9; À is C3 80, lower E0: C3 A0 = "Ã" "ł"
    QCOMPARE(encode(m_plain, "A\u0300", 4), (Ids{8, 10, 11, 9}));
    QCOMPARE(encode(m_plain, "11a1", 6), (Ids{8, 7, 7, 2, 7, 9}));
}

void ClipTokenizerTest::padTokenOfTheFilesIsCutOutOfThePrompt()
{
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write("special_tokens_map.json", R"({"pad_token": "!"})");
    QCOMPARE(encode(folder, "ab!!b", 8), (Ids{8, 5, 6, 6, 3, 9, 6, 6}));
}

void ClipTokenizerTest::tokenizerJsonWins()
{
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write("tokenizer.json", kTokenizerFile);
    QCOMPARE(encode(folder, "cc c", 5), (Ids{3, 2, 1, 4, 4}));
}

void ClipTokenizerTest::newTokensGetTheNextIds()
{
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write("special_tokens_map.json",
        R"({"pad_token": "<pad>", "extra_special_tokens": [{"content": "<L>", "lstrip": true, "normalized": true}]})");
    QCOMPARE(encode(folder, "a  <l>b", 7), (Ids{8, 2, 16, 3, 9, 15, 15}));
    const auto tokenizer = folder.load(TokenizerKind::Clip);
    QCOMPARE((*tokenizer)->largestId(), 16);
    QCOMPARE((*tokenizer)->padId(), 15);
}

void ClipTokenizerTest::configTokensByIdSilenceOtherFiles()
{
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write("special_tokens_map.json", R"({"pad_token": "!"})");
    folder.write("tokenizer_config.json",
        R"({"added_tokens_decoder": {"9": {"content": "<|endoftext|>", "normalized": true, "special": true}},
            "model_max_length": 77})");
    QCOMPARE(encode(folder, "!", 5), (Ids{8, 4, 9, 9, 9}));
    QCOMPARE(encode(folder, "a<|EndOfText|>a", 6), (Ids{8, 2, 9, 2, 9, 9}));
    QCOMPARE((*folder.load(TokenizerKind::Clip))->modelMaxLength(), 77);
}

void ClipTokenizerTest::truncatesAndTellsWhatWasCut()
{
    const auto tokenizer = m_plain.load(TokenizerKind::Clip);
    const auto encoded = (*tokenizer)->encode("ab ab b a!", 4);
    QCOMPARE(encoded->ids, (Ids{8, 5, 5, 9}));
    QCOMPARE(encoded->usedTokens, 4);
    QCOMPARE(QString::fromStdString(encoded->truncatedText), QStringLiteral("b a !"));
    QCOMPARE((*tokenizer)->encode("ab", 3)->truncatedText, std::string());
}

void ClipTokenizerTest::paddingAndTruncationMayBeOnTheLeft()
{
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write("tokenizer_config.json", R"({"padding_side": "left", "truncation_side": "left"})");
    QCOMPARE(encode(folder, "ab", 5), (Ids{9, 9, 8, 5, 9}));
    QCOMPARE(encode(folder, "a b ab", 4), (Ids{8, 3, 5, 9}));
}

void ClipTokenizerTest::specialTextMayBeOrdinary()
{
    QCOMPARE(encode(m_plain, "<|endoftext|>a", 5), (Ids{8, 9, 2, 9, 9}));
    TokenizerFolder folder;
    folder.write("vocab.json", R"({"!": 0, "!</w>": 1, "<|startoftext|>": 2, "<|endoftext|>": 3})");
    folder.write("merges.txt", "");
    folder.write("tokenizer_config.json", R"({"split_special_tokens": true, "pad_token": "!"})");
    QCOMPARE(encode(folder, "!!", 5), (Ids{2, 0, 1, 3, 0}));
}

void ClipTokenizerTest::invalidUtf8BecomesReplacementCharacters()
{
    const Ids replacement{8, 12, 13, 14, 9}; // EF BF BD
    for (const std::string_view bytes : {"\xff", "\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98"})
        QCOMPARE(encode(m_plain, bytes, 5), replacement);
    QCOMPARE(encode(m_plain, "a\xc0" "b", 20), encode(m_plain, "a\uFFFDb", 20));
    QCOMPARE(encode(m_plain, "\xed\xa0\x80", 20), encode(m_plain, "\uFFFD\uFFFD\uFFFD", 20));
}

void ClipTokenizerTest::unknownByteWithoutUnknownTokenFails()
{
    QCOMPARE(encode(m_plain, "z", 3), (Ids{8, 9, 9})); // unknown is the end token

    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write("special_tokens_map.json", R"({"unk_token": "<unk>"})");
    const auto tokenizer = folder.load(TokenizerKind::Clip);
    QVERIFY(tokenizer);
    const auto encoded = (*tokenizer)->encode("z", 3);
    QVERIFY(!encoded);
    QCOMPARE(encoded.error().code, ErrorCode::Corrupt);
}

void ClipTokenizerTest::refusesLengths_data()
{
    QTest::addColumn<int>("length");
    for (const int length : {-2147483647, -1, 0, 1, Tokenizer::kLongestSequence + 1, 2147483647})
        QTest::addRow("%d", length) << length;
}

void ClipTokenizerTest::refusesLengths()
{
    QFETCH(int, length);
    const auto tokenizer = m_plain.load(TokenizerKind::Clip);
    const auto encoded = (*tokenizer)->encode("ab", length);
    QVERIFY(!encoded);
    QCOMPARE(encoded.error().code, ErrorCode::InvalidArgument);
}

void ClipTokenizerTest::refusesFiles_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const char* file, const QByteArray& content, const char* said) {
        QTest::newRow(name) << QByteArray(file) << content << QByteArray(said);
    };
    row("empty", "vocab.json", "", "not valid JSON");
    row("not JSON", "vocab.json", "{\"a\": 0,,}", "not valid JSON at byte");
    row("bad UTF-8", "vocab.json", "{\"a\xff\": 0}", "not valid JSON");
    row("trailing", "vocab.json", "{\"a\": 0} {}", "not valid JSON");
    row("array", "vocab.json", "[\"a\"]", "top of the JSON is not an object");
    row("scalar", "vocab.json", "7", "top of the JSON is not an object");
    row("no tokens", "vocab.json", "{}", "vocabulary is empty");
    row("negative id", "vocab.json", "{\"a\": -1}", "\"a\" has no whole number");
    row("fraction id", "vocab.json", "{\"a\": 1.5}", "\"a\" has no whole number");
    row("string id", "vocab.json", "{\"a\": \"1\"}", "\"a\" has no whole number");
    row("null id", "vocab.json", "{\"a\": null}", "\"a\" has no whole number");
    row("object id", "vocab.json", "{\"a\": {}}", "\"a\" has no whole number");
    row("large id", "vocab.json", "{\"a\": 4194304}", "\"a\" has no whole number");
    row("huge id", "vocab.json", "{\"a\": 18446744073709551615}", "\"a\" has no whole number");
    row("same id", "vocab.json", "{\"a\": 0, \"b\": 0}", "id 0 of \"b\" is already taken");
    row("same token", "vocab.json", "{\"a\": 0, \"a\": 1}", "\"a\" is there twice");
    row("merge of one", "merges.txt", "#version: 0.2\na\n", "line 2 is not two tokens");
    row("merge of three", "merges.txt", "a b</w> c\n", "line 1 is not two tokens");
    row("blank line", "merges.txt", "a b</w>\n\na b</w>\n", "line 2 is not two tokens");
    row("unknown left", "merges.txt", "q b</w>\n", "\"q\" is not in the vocabulary");
    row("unknown result", "merges.txt", "b b</w>\n", "\"bb</w>\" is not in the vocabulary");
    row("config not JSON", "tokenizer_config.json", "{", "not valid JSON");
    row("config array", "tokenizer_config.json", "[]", "not an object");
    row("pad null", "tokenizer_config.json", R"({"pad_token": null})", "pad_token is null");
    row("pad number", "tokenizer_config.json", R"({"pad_token": 1})", "pad_token is neither");
    row("pad object", "tokenizer_config.json", R"({"pad_token": {"lstrip": false}})", "pad_token is neither");
    row("pad flag", "tokenizer_config.json", R"({"pad_token": {"content": "a", "lstrip": 1}})", "pad_token.lstrip");
    row("pad empty", "tokenizer_config.json", R"({"pad_token": ""})", "pad token is empty");
    row("side", "tokenizer_config.json", R"({"padding_side": "up"})", "padding_side = \"up\"");
    row("limit zero", "tokenizer_config.json", R"({"model_max_length": 0})", "model_max_length = 0");
    row("limit text", "tokenizer_config.json", R"({"model_max_length": "77"})", "model_max_length");
    row("id word", "tokenizer_config.json", R"({"added_tokens_decoder": {"x": {"content": "y"}}})", "is not an id");
    row("id sign", "tokenizer_config.json", R"({"added_tokens_decoder": {"-1": {"content": "y"}}})", "is not an id");
    row("by id list", "tokenizer_config.json", R"({"added_tokens_decoder": []})",
        "added_tokens_decoder is not an object");
    row("by id text", "tokenizer_config.json", R"({"added_tokens_decoder": {"1": "y"}})", "[\"1\"] is neither");
    row("versions", "tokenizer_config.json", R"({"fast_tokenizer_files": ["x"]})", "fast_tokenizer_files");
    row("map list", "special_tokens_map.json", R"({"extra_special_tokens": "x"})",
        "extra_special_tokens is not a list");
    row("map entry", "special_tokens_map.json", R"({"additional_special_tokens": [1]})",
        "additional_special_tokens is neither");
    row("added id", "added_tokens.json", R"({"x": -5})", "x is not a whole number");
    row("json no model", "tokenizer.json", "{}", "vocabulary is empty");
    row("json unigram", "tokenizer.json", R"({"model": {"vocab": [["a", 0.0]]}})", "not an object of ids");
    row("json twice", "tokenizer.json", R"({"model": {"vocab": {"a": 0}, "vocab": {"a": 0}}})", "there twice");
    row("json merge", "tokenizer.json", R"({"model": {"vocab": {"a": 0}, "merges": [["a"]]}})",
        "model.merges: entry 0");
    row("json merge text", "tokenizer.json", R"({"model": {"vocab": {"a": 0}, "merges": ["a"]}})",
        "model.merges: entry 0");
    row("json merge deep", "tokenizer.json", R"({"model": {"vocab": {"a": 0}, "merges": [["a", ["b"]]]}})",
        "model.merges");
    row("json added", "tokenizer.json", R"({"added_tokens": {}, "model": {"vocab": {"a": 0}}})",
        "added_tokens is not a list");
    row("json added id", "tokenizer.json", R"({"added_tokens": [{"content": "x"}], "model": {"vocab": {"a": 0}}})",
        "added_tokens[0].id");
    row("json deep", "tokenizer.json", "{\"a\":" + QByteArray(200, '['), "nested deeper than 100");
    row("same pattern", "special_tokens_map.json",
        R"({"extra_special_tokens": [{"content": "<X>", "normalized": true}, {"content": "<x>", "normalized": true}]})",
        "equal after normalisation");
}

void ClipTokenizerTest::refusesFiles()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, said);
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    folder.write("merges.txt", kMerges);
    folder.write(file.toStdString(), content.toStdString());
    const auto tokenizer = folder.load(TokenizerKind::Clip);
    QVERIFY(!tokenizer);
    const QString message = QString::fromStdString(tokenizer.error().message);
    QVERIFY2(message.contains(QString::fromUtf8(said)), qPrintable(message));
    QVERIFY2(message.contains(QString::fromStdString(folder.path().string())), qPrintable(message));
    QVERIFY(!message.contains(QLatin1Char('\n')));
}

void ClipTokenizerTest::refusesAbsentFiles()
{
    QCOMPARE(Tokenizer::load("/nonexistent", TokenizerKind::Clip).error().code, ErrorCode::NotFound);
    TokenizerFolder folder;
    folder.write("vocab.json", kVocabulary);
    QCOMPARE(folder.load(TokenizerKind::Clip).error().code, ErrorCode::NotFound);
    std::filesystem::create_directory(folder.path() / "merges.txt");
    QCOMPARE(folder.load(TokenizerKind::Clip).error().code, ErrorCode::Io);
}

void ClipTokenizerTest::refusesHugeFile()
{
    TokenizerFolder folder;
    folder.write("vocab.json", "{");
    folder.write("merges.txt", "");
    std::filesystem::resize_file(folder.path() / "vocab.json", (64U << 20U) + 1); // sparse
    const auto tokenizer = folder.load(TokenizerKind::Clip);
    QVERIFY(!tokenizer);
    QCOMPARE(tokenizer.error().code, ErrorCode::Corrupt);
}

void ClipTokenizerTest::everyCutOffFileIsRefused()
{
    const std::string_view whole = kTokenizerFile;
    TokenizerFolder folder;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        folder.write("tokenizer.json", whole.substr(0, size));
        QVERIFY2(!folder.load(TokenizerKind::Clip), qPrintable(QString::number(size)));
    }
}

void ClipTokenizerTest::survivesHostileText()
{
    const auto tokenizer = m_plain.load(TokenizerKind::Clip);
    std::string marks = "a";
    for (int index = 0; index < 20'000; ++index)
        marks += index % 2 ? "\u0301" : "\u0316";
    for (const std::string& text : {std::string(100'000, 'a'), std::string(100'000, '<'), std::string(100'000, ' '),
             marks, std::string(10'000, '\0'), std::string(10'000, '\xf0')}) {
        const auto encoded = (*tokenizer)->encode(text, 77);
        QVERIFY(encoded);
        QCOMPARE(encoded->ids.size(), std::size_t(77));
    }
}

QTEST_GUILESS_MAIN(ClipTokenizerTest)
#include "tst_clip_tokenizer.moc"

// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/call_input.h"

#include <QTemporaryFile>
#include <QTest>

using namespace tintype;
using tintype::cli::callInput;

class TestCallInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArrayList>("words");
        QTest::addColumn<QByteArray>("input");
        const auto row = [](const char* name, const QByteArrayList& words, const char* input) {
            QTest::newRow(name) << words << QByteArray(input);
        };
        row("nothing", {}, "{}");
        row("text", {"prompt=a red circle"}, R"({"prompt":"a red circle"})");
        row("text with equals", {"prompt=a=b"}, R"({"prompt":"a=b"})");
        row("numbers", {"seed=7", "guidance_scale=3.5", "x=-1"}, R"({"seed":7,"guidance_scale":3.5,"x":-1})");
        row("booleans", {"sync_mode=true"}, R"({"sync_mode":true})");
        row("only nearly a number", {"a=1.2.3", "b=0x10", "c=null", "d=[1]"}, R"({"a":"1.2.3","b":"0x10","c":"null","d":"[1]"})");
        row("digits as text", {R"(prompt:="7")"}, R"({"prompt":"7"})");
        row("JSON", {R"(image_size:={"width": 128})", "a:=null"}, R"({"image_size":{"width":128},"a":null})");
        row("empty", {"negative_prompt="}, R"({"negative_prompt":""})");
        row("nested", {"image_size[width]=64", "image_size[height]=32"}, R"({"image_size":{"width":64,"height":32}})");
        row("list", {"loras[]=a", "loras[]=b"}, R"({"loras":["a","b"]})");
        row("indexes", {"l[1]=b", "l[0]=a"}, R"({"l":["a","b"]})");
        row("objects in a list", {"loras[0][path]=a", "loras[0][scale]=0.5"}, R"({"loras":[{"path":"a","scale":0.5}]})");
        row("the later one wins", {"seed=1", "seed=2"}, R"({"seed":2})");
    }

    void reads()
    {
        QFETCH(QByteArrayList, words);
        QFETCH(QByteArray, input);
        const auto read = callInput(texts(words));
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(*read), input);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArrayList>("words");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const QByteArrayList& words, const char* message) {
            QTest::newRow(name) << words << QByteArray(message);
        };
        row("no equals", {"prompt"}, "prompt: an input is given as key=value");
        row("no key", {"=x"}, "an input is given as");
        row("no name", {"[a]=x"}, "a name is missing");
        row("only a colon", {":=1"}, "a name is missing");
        row("open bracket", {"a[b=x"}, "brackets are written");
        row("letters after a bracket", {"a[b]c=x"}, "brackets are written");
        row("no JSON", {"a:={"}, "a: what follows := is no JSON");
        row("value, then object", {"a=1", "a[b]=2"}, "elsewhere");
        row("object, then list", {"a[b]=1", "a[]=2"}, "elsewhere");
        row("list, then object", {"a[]=1", "a[b]=2"}, "elsewhere");
        row("no such file", {"prompt=@/no/such/file"}, "prompt: /no/such/file cannot be read");
    }

    void refuses()
    {
        QFETCH(QByteArrayList, words);
        QFETCH(QByteArray, message);
        const auto read = callInput(texts(words));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(QByteArray::fromStdString(read.error().message).contains(message), read.error().message.c_str());
    }

    void readsAFile()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write("a blue star");
        file.close();
        QCOMPARE(callInput({"prompt=@" + file.fileName().toStdString()}).value(), std::string(R"({"prompt":"a blue star"})"));
    }

private:
    static std::vector<std::string> texts(const QByteArrayList& words)
    {
        std::vector<std::string> texts;
        for (const QByteArray& word : words)
            texts.push_back(word.toStdString());
        return texts;
    }
};

QTEST_GUILESS_MAIN(TestCallInput)
#include "tst_call_input.moc"

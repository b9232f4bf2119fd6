// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/secret_store.h"
#include "deploy/store/stores.h"
#include "store_fixture.h"

#include <QRegularExpression>
#include <sys/stat.h>

using namespace tintype;
using namespace tintype::store;

class TestKeyStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        m_database = std::make_unique<Database>(openDatabase(*m_folder / "tintype.db"));
        m_vault = std::make_unique<Vault>(Vault::open(*m_folder / "secret.key").value());
    }
    void cleanup() { m_database.reset(); }

    void aKeyOpensWhatItsScopeSays()
    {
        const NewKey admin = make(Scope::Admin);
        const NewKey api = make(Scope::Api);
        const KeyStore keys = loaded();
        QVERIFY(keys.verify(admin.text)->scope == Scope::Admin);
        QVERIFY(keys.verify(api.text)->scope == Scope::Api);
        QCOMPARE(keys.verify(api.text)->id, api.key.id);
        QCOMPARE(keys.list().size(), std::size_t{2});
        QCOMPARE(keys.list().front().description, std::string("for a test"));
        QVERIFY(admin.text != api.text);
    }

    void anythingElseOpensNothing()
    {
        const NewKey key = make(Scope::Api);
        const KeyStore keys = loaded();
        const std::string& text = key.text;
        const std::string secret = text.substr(text.find(':') + 1);
        std::string oneBit = text;
        oneBit.back() = oneBit.back() == '0' ? '1' : '0';
        for (const std::string& wrong : {std::string(), std::string(":"), secret, ":" + secret, key.key.id, key.key.id + ":",
                 text + "0", text.substr(0, text.size() - 1), " " + text, oneBit, text + std::string(1, '\0'), "x:" + secret})
            QVERIFY(!keys.verify(wrong));
        QVERIFY(keys.verify(text));
    }

    void theSecretIsNowhere()
    {
        const NewKey key = make(Scope::Admin);
        QVERIFY(m_database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        const std::string content = readFile(*m_folder / "tintype.db");
        QVERIFY(content.find(key.key.id) != std::string::npos);
        QVERIFY(content.find(key.text.substr(key.text.find(':') + 1)) == std::string::npos);
    }

    void aRevokedKeyIsNone()
    {
        const NewKey key = make(Scope::Api);
        KeyStore keys = loaded();
        QVERIFY(KeyStore::revoke(*m_database, key.key.id));
        keys.reload(*m_database);
        QVERIFY(!keys.verify(key.text));
        QCOMPARE(KeyStore::revoke(*m_database, key.key.id).error().code, ErrorCode::NotFound);
    }

    void aDamagedHashOpensNothing()
    {
        const NewKey key = make(Scope::Admin);
        QVERIFY(m_database->execute("UPDATE keys SET hash = x''"));
        QVERIFY(!loaded().verify(key.text));
        QVERIFY(!loaded().verify(key.key.id + ":"));
    }

    void aScopeThatIsNoneIsTheSmallest()
    {
        const NewKey key = make(Scope::Admin);
        QVERIFY(m_database->execute("UPDATE keys SET scope = 'Admin '"));
        QVERIFY(loaded().verify(key.text)->scope == Scope::Api);
    }

    void keysOfAnotherProgramAreNoticed()
    {
        m_database.reset();
        const auto stores = Stores::open(*m_folder / "data", [](const std::function<void()>& outcome) { outcome(); });
        QVERIFY(stores);
        Database other = openDatabase(*m_folder / "data/tintype.db");
        const auto key = KeyStore::create(other, Scope::Admin, "made beside it");
        QVERIFY(!(*stores)->keys().verify(key->text));
        (*stores)->refreshKeys();
        QVERIFY((*stores)->keys().verify(key->text));
        QVERIFY(KeyStore::revoke(other, key->key.id));
        (*stores)->refreshKeys();
        QVERIFY(!(*stores)->keys().verify(key->text));
    }

    void theHostsSecretIsMadeOnceForItsOwner()
    {
        struct stat status {};
        QCOMPARE(::stat((*m_folder / "secret.key").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, 0600U);
        const auto again = Vault::open(*m_folder / "secret.key");
        QCOMPARE(again->unseal(m_vault->seal("value")).value(), std::string("value"));
        QVERIFY(again->publicKey() == m_vault->publicKey());
    }

    void anotherFileIsNoSecretOfAHost()
    {
        for (const std::size_t size : {0, 31, 33}) {
            writeFile(*m_folder / "other.key", std::string(size, 'x'));
            QCOMPARE(Vault::open(*m_folder / "other.key").error().code, ErrorCode::Corrupt);
            QCOMPARE(readFile(*m_folder / "other.key").size(), size); // never replaced
        }
        QCOMPARE(Vault::open(*m_folder / "none/secret.key").error().code, ErrorCode::Io);
    }

    void sealedIsUnreadableAndDiffersEachTime()
    {
        const std::string value = std::string("hf_secret\0value", 15);
        const std::string sealed = m_vault->seal(value);
        QVERIFY(sealed.find("hf_secret") == std::string::npos);
        QVERIFY(m_vault->seal(value) != sealed);
        QCOMPARE(m_vault->unseal(sealed).value(), value);
        QCOMPARE(m_vault->unseal(m_vault->seal("")).value(), std::string());
        const auto other = Vault::open(*m_folder / "other.key");
        QCOMPARE(other->unseal(sealed).error().code, ErrorCode::Corrupt);
        std::string changed = sealed;
        changed[30] = static_cast<char>(changed[30] ^ 1);
        for (const std::string& wrong : {changed, sealed.substr(1), sealed.substr(0, 39), std::string()})
            QCOMPARE(m_vault->unseal(wrong).error().code, ErrorCode::Corrupt);
    }

    void aTokenCarriesItsClaimsUntilItsEnd()
    {
        const std::string claims = "{\"file\":\"a.b\"}";
        const std::string token = m_vault->issueToken(claims, fromMilliseconds(1000));
        QCOMPARE(m_vault->checkToken(token, fromMilliseconds(999)).value_or("none"), claims);
        QVERIFY(!m_vault->checkToken(token, fromMilliseconds(1000)));
        const QRegularExpression urlSafe(QStringLiteral("^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$"));
        QVERIFY(urlSafe.match(QString::fromStdString(token)).hasMatch());
        const auto other = Vault::open(*m_folder / "other.key");
        QVERIFY(!other->checkToken(token, fromMilliseconds(0)));
    }

    void aChangedTokenIsNone()
    {
        const std::string token = m_vault->issueToken("claims", fromMilliseconds(1000));
        for (std::size_t index = 0; index < token.size(); ++index) {
            std::string changed = token;
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            QVERIFY(!m_vault->checkToken(changed, fromMilliseconds(0)));
            QVERIFY(!m_vault->checkToken(token.substr(0, index), fromMilliseconds(0)));
        }
        for (const std::string& wrong :
            {token + "A", token + ".", "." + token, std::string("."), std::string("a.b"), std::string("\xFF.\xFF")})
            QVERIFY(!m_vault->checkToken(wrong, fromMilliseconds(0)));
    }

    void secretsAreSealedAndOpened()
    {
        QVERIFY(saveSecret(*m_database, *m_vault, "HF_TOKEN", "first"));
        QVERIFY(saveSecret(*m_database, *m_vault, "HF_TOKEN", "second"));
        QVERIFY(saveSecret(*m_database, *m_vault, "OTHER", "x"));
        QCOMPARE(secretNames(*m_database)->size(), std::size_t{2});
        QCOMPARE(openSecrets(*m_database, *m_vault, {"HF_TOKEN"})->at("HF_TOKEN"), std::string("second"));
        QVERIFY(openSecrets(*m_database, *m_vault, {})->empty());
        const auto missing = openSecrets(*m_database, *m_vault, {"OTHER", "NONE"});
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().message.starts_with("secret NONE: "));
        QVERIFY(deleteSecret(*m_database, "OTHER"));
        QCOMPARE(deleteSecret(*m_database, "OTHER").error().code, ErrorCode::NotFound);
    }

    void aSecretThatCannotBeOpenedIsAnErrorWithoutIt()
    {
        QVERIFY(saveSecret(*m_database, *m_vault, "HF_TOKEN", "hidden"));
        const auto other = Vault::open(*m_folder / "other.key");
        const auto opened = openSecrets(*m_database, *other, {"HF_TOKEN"});
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY(opened.error().message.find("hidden") == std::string::npos);
    }

    void aSecretFitsAnEnvironment()
    {
        for (const std::string& name : {std::string(), std::string("A=B"), std::string("1A"), std::string("A B"),
                 std::string("A\0B", 3), std::string("\xC3\x84"), std::string(129, 'A')})
            QCOMPARE(saveSecret(*m_database, *m_vault, name, "x").error().code, ErrorCode::InvalidArgument);
        for (const std::string& value : {std::string("a\0b", 3), std::string(65'537, 'x')}) {
            const auto saved = saveSecret(*m_database, *m_vault, "A", value);
            QCOMPARE(saved.error().code, ErrorCode::InvalidArgument);
            QVERIFY(saved.error().message.find(value) == std::string::npos);
        }
        QVERIFY(saveSecret(*m_database, *m_vault, "_a1", std::string(65'536, 'x')));
    }

private:
    NewKey make(Scope scope) { return KeyStore::create(*m_database, scope, "for a test").value(); }

    KeyStore loaded()
    {
        KeyStore keys;
        if (!keys.load(*m_database))
            qFatal("keys cannot be read");
        return keys;
    }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Vault> m_vault;
};

QTEST_GUILESS_MAIN(TestKeyStore)
#include "tst_key_store.moc"

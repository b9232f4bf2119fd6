// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/effective_settings.h"
#include "std_string.h"

#include <QTest>
#include <algorithm>

using namespace tintype;
using namespace tintype::domain;
using namespace std::chrono_literals;

namespace {

using Names = std::vector<std::string>;

const ScalingSettings kFile{3, 30, 3, 3, 3s, 33s, 333s, 34s, 3s, 3, {{"L"}}, {{"us-east"}}};
const Scaling kApp{4, 40, 4, 4, 4s, 44s, 444s, 45s, 4s, 4, {"M", "S"}, {"eu-west"}};

EffectiveValue valueOf(const EffectiveSettings& settings, const std::string& name)
{
    const auto found = std::ranges::find(settings.values, name, &EffectiveValue::name);
    return found == settings.values.end() ? EffectiveValue{} : *found;
}

/// Settings of which one is said.
template <class T>
ScalingSettings only(T ScalingSettings::*setting, T value)
{
    ScalingSettings settings;
    settings.*setting = std::move(value);
    return settings;
}

AppDefinition definitionWith(const ScalingSettings& scaling)
{
    AppDefinition definition;
    definition.scaling = scaling;
    return definition;
}

} // namespace

class tst_effective_settings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewAppFollowsTheFileAndTheDefaults();
    void aDeployKeepsTheAppsScaling();
    void resetScaleFollowsTheFile();
    void authFollowsTheFileThenTheApp();
    void changesOnlyWhatIsSaid();
    void refusesScalingThatCannotBe();
};

void tst_effective_settings::aNewAppFollowsTheFileAndTheDefaults()
{
    const auto settings
        = effectiveSettings(definitionWith(only(&ScalingSettings::keepAlive, {300s})), std::nullopt, false);
    QCOMPARE(settings.scaling.keepAlive, 300s);
    QCOMPARE(settings.scaling.maxConcurrency, 2);
    QCOMPARE(settings.scaling.machineTypes, std::vector<std::string>{"XS"});
    QCOMPARE(settings.auth, AuthMode::Private);
    QCOMPARE(settings.values.size(), 13UL);
    QCOMPARE(valueOf(settings, "keep_alive"), (EffectiveValue{"keep_alive", "300 s", "", ValueSource::File}));
    QCOMPARE(valueOf(settings, "scaling_delay"), (EffectiveValue{"scaling_delay", "0 s", "", ValueSource::Default}));
    QCOMPARE(valueOf(settings, "regions"), (EffectiveValue{"regions", "none", "", ValueSource::Default}));
    QCOMPARE(valueOf(settings, "auth"), (EffectiveValue{"auth", "private", "", ValueSource::Default}));
}

void tst_effective_settings::aDeployKeepsTheAppsScaling()
{
    const auto settings = effectiveSettings(definitionWith(kFile), CurrentSettings{kApp, AuthMode::Public}, false);
    QCOMPARE(settings.scaling, (Scaling{4, 40, 4, 4, 4s, 44s, 444s, 34s, 3s, 3, {"L"}, {"eu-west"}}));
    QCOMPARE(valueOf(settings, "keep_alive"), (EffectiveValue{"keep_alive", "44 s", "44 s", ValueSource::Inherited}));
    QCOMPARE(valueOf(settings, "machine_type"), (EffectiveValue{"machine_type", "L", "M, S", ValueSource::File}));
    // What is not inherited and not in the file falls back to the default.
    const auto bare = effectiveSettings(definitionWith({}), CurrentSettings{kApp, AuthMode::Public}, false);
    QCOMPARE(bare.scaling, (Scaling{4, 40, 4, 4, 4s, 44s, 444s, 600s, 5s, 1, {"XS"}, {"eu-west"}}));
    QCOMPARE(
        valueOf(bare, "startup_timeout"), (EffectiveValue{"startup_timeout", "600 s", "45 s", ValueSource::Default}));
}

void tst_effective_settings::resetScaleFollowsTheFile()
{
    const CurrentSettings current{kApp, AuthMode::Public};
    QCOMPARE(effectiveSettings(definitionWith(kFile), current, true).scaling, withChanges({}, kFile));
    QCOMPARE(effectiveSettings(definitionWith({}), current, true).scaling, Scaling());
}

void tst_effective_settings::authFollowsTheFileThenTheApp()
{
    AppDefinition definition;
    const CurrentSettings current{kApp, AuthMode::Public};
    auto settings = effectiveSettings(definition, current, true);
    QCOMPARE(settings.auth, AuthMode::Public);
    QCOMPARE(valueOf(settings, "auth"), (EffectiveValue{"auth", "public", "public", ValueSource::Inherited}));
    definition.auth = AuthMode::Shared;
    settings = effectiveSettings(definition, current, false);
    QCOMPARE(settings.auth, AuthMode::Shared);
    QCOMPARE(valueOf(settings, "auth"), (EffectiveValue{"auth", "shared", "public", ValueSource::File}));
}

void tst_effective_settings::changesOnlyWhatIsSaid()
{
    QCOMPARE(withChanges(kApp, {}), kApp);
    Scaling expected = kApp;
    expected.minConcurrency = 7;
    expected.regions = {};
    QCOMPARE(withChanges(withChanges(kApp, only(&ScalingSettings::minConcurrency, {7})),
                 only(&ScalingSettings::regions, {Names{}})),
        expected);
}

void tst_effective_settings::refusesScalingThatCannotBe()
{
    QVERIFY(checkScaling(Scaling()));
    QVERIFY(checkScaling(kApp));
    const auto message = [](auto setting, auto value) {
        const auto result = checkScaling(withChanges({}, only(setting, {value})));
        return result ? std::string() : result.error().message;
    };
    QCOMPARE(
        message(&ScalingSettings::minConcurrency, 3), std::string("min_concurrency = 3 is above max_concurrency = 2"));
    QCOMPARE(message(&ScalingSettings::maxConcurrency, 0), std::string("max_concurrency = 0 is not within 1 to 1000"));
    QCOMPARE(message(&ScalingSettings::keepAlive, -1s), std::string("keep_alive = -1 s is not within 0 to 31536000"));
    QCOMPARE(
        message(&ScalingSettings::maxMultiplexing, 65), std::string("max_multiplexing = 65 is not within 1 to 64"));
    QCOMPARE(message(&ScalingSettings::machineTypes, Names{}), std::string("machine_type names no machine"));
}

QTEST_GUILESS_MAIN(tst_effective_settings)
#include "tst_effective_settings.moc"

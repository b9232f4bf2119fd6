// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/exposition.h"

#include <QTest>

using namespace tintype::api;

class tst_exposition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesHelpAndTypeOnce();
    void writesLabelsInTheirOrder();
    void escapesLabelValues();
    void writesNumbersThatPrometheusReads();
    void writesAHistogramsLines();
};

void tst_exposition::writesHelpAndTypeOnce()
{
    MetricFamily family("up", "gauge", "Whether it is up.");
    family.add({}, 1).add({{"a", "b"}}, 2);
    QCOMPARE(family.text(), std::string("# HELP up Whether it is up.\n# TYPE up gauge\nup 1\nup{a=\"b\"} 2\n"));
}

void tst_exposition::writesLabelsInTheirOrder()
{
    MetricFamily family("n", "counter", "N.");
    family.add({{"z", "1"}, {"a", "2"}}, 3);
    QVERIFY(family.text().ends_with("n{z=\"1\",a=\"2\"} 3\n"));
}

void tst_exposition::escapesLabelValues()
{
    MetricFamily family("n", "counter", "N.");
    family.add({{"a", "back\\slash \"quote\"\nline"}}, 1);
    QVERIFY(family.text().ends_with("n{a=\"back\\\\slash \\\"quote\\\"\\nline\"} 1\n"));
}

void tst_exposition::writesNumbersThatPrometheusReads()
{
    MetricFamily family("n", "gauge", "N.");
    family.add({}, 0.1).add({}, 1e9).add({}, 16'843'009'000.0).add({}, 0);
    QVERIFY(family.text().find("\nn 0.1\n") != std::string::npos);
    QVERIFY(family.text().find("\nn 0\n") != std::string::npos);
    QVERIFY(family.text().find(',') == std::string::npos);
}

void tst_exposition::writesAHistogramsLines()
{
    MetricFamily family("latency", "histogram", "L.");
    family.add({{"le", "+Inf"}}, 2, "_bucket").add({}, 1.5, "_sum").add({}, 2, "_count");
    QVERIFY(family.text().ends_with("latency_bucket{le=\"+Inf\"} 2\nlatency_sum 1.5\nlatency_count 2\n"));
}

QTEST_GUILESS_MAIN(tst_exposition)
#include "tst_exposition.moc"

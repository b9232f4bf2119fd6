// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTest>
#include <string>

namespace QTest {

/// So that a failed QCOMPARE shows both texts.
template <>
inline char* toString(const std::string& text)
{
    return qstrdup(text.c_str());
}

} // namespace QTest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// QCustomPlot, whose header needs Qt's keywords.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef foreach
#undef slots
#undef signals

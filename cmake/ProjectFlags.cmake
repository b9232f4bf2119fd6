# Three INTERFACE targets that carry every compiler flag of the project.

add_library(tintype_flags INTERFACE)
target_compile_features(tintype_flags INTERFACE cxx_std_20)
target_include_directories(tintype_flags INTERFACE "${CMAKE_SOURCE_DIR}")
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(tintype_warnings INTERFACE)
target_compile_options(tintype_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough)

add_library(tintype_sanitizers INTERFACE)
if(TINTYPE_SANITIZE)
    # Instrumented code confuses GCC's flow analysis: it warns within std::regex.
    target_compile_options(tintype_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_compile_options(tintype_sanitizers INTERFACE
        -fsanitize=${TINTYPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(tintype_sanitizers INTERFACE -fsanitize=${TINTYPE_SANITIZE})
else()
    target_compile_definitions(tintype_flags INTERFACE _GLIBCXX_ASSERTIONS)
    target_compile_options(tintype_flags INTERFACE
        -fstack-protector-strong $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()

# Definitions for every target that sees Qt headers.
add_library(tintype_qt_flags INTERFACE)
target_compile_definitions(tintype_qt_flags INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_URL_CAST_FROM_STRING QT_USE_QSTRINGBUILDER QT_NO_FOREACH
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_DISABLE_DEPRECATED_BEFORE=0x060400
    # Qt 6.4's QFuture::then(context, …) drops an answer whose context has gone, which we rely on, but asserts against it in debug builds.
    QT_NO_DEBUG)

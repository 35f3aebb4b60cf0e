# SPDX-License-Identifier: Apache-2.0
# Language, warnings and hardening, the same for every target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

option(ATTACCA_WERROR "Treat warnings as errors (on in our presets)" OFF)
option(ATTACCA_JOIN "Compile files of a folder together (on in most presets)" OFF)
set(ATTACCA_SANITIZE "" CACHE STRING "Comma-separated sanitizers, for example address,undefined")
set(ATTACCA_BUG "" CACHE STRING "A seeded bug for the simulator to catch (tests/sim/bugs.md)")

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_library(attacca_settings INTERFACE)
target_include_directories(attacca_settings INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(attacca_settings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2 -Wswitch-enum
    -Wimplicit-fallthrough
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
if(NOT ATTACCA_JOIN)
    target_compile_options(attacca_settings INTERFACE -Wshadow)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Joined files would warn of each other's names.
    target_compile_options(attacca_settings INTERFACE -Wno-subobject-linkage)
endif()
target_compile_definitions(attacca_settings INTERFACE
    _GLIBCXX_ASSERTIONS ATTACCA_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Clang 14 has -ftrivial-auto-var-init=zero only behind a flag that it is about to lose.
    target_compile_options(attacca_settings INTERFACE -ftrivial-auto-var-init=zero)
    # 2026-11: GCC 12 raises false alarms with -Wrestrict and -Wmaybe-uninitialized (bug 105651).
    target_compile_options(attacca_settings INTERFACE
        -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast
        -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(ATTACCA_WERROR)
    target_compile_options(attacca_settings INTERFACE -Werror)
endif()
if(ATTACCA_SANITIZE)
    target_compile_options(attacca_settings INTERFACE -fsanitize=${ATTACCA_SANITIZE}
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(attacca_settings INTERFACE -fsanitize=${ATTACCA_SANITIZE})
    if(ATTACCA_SANITIZE MATCHES thread)
        # The sanitizer does not see fences; Asio's are not what our threads synchronise by.
        target_compile_definitions(attacca_settings INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    endif()
else()
    target_compile_definitions(attacca_settings INTERFACE
        $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
endif()
if(ATTACCA_BUG)
    # Only for the files that ask: another bug then compiles a handful of files again, not all.
    file(GLOB_RECURSE attacca_sources ${CMAKE_SOURCE_DIR}/src/*.cc)
    foreach(source ${attacca_sources})
        file(STRINGS ${source} asks REGEX "ATTACCA_BUG\\(BUG_")
        if(asks)
            set_source_files_properties(${source} PROPERTIES
                COMPILE_DEFINITIONS ${ATTACCA_BUG}=1)
        endif()
    endforeach()
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_link_options(attacca_settings INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
